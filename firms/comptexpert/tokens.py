"""Signed tokens of ComptExpert: nothing in them is believed before every check has passed."""

import hmac
from typing import Any

import jwt
from django.conf import settings

from firms.comptexpert.discovery import ALGORITHM, discovery
from firms.comptexpert.errors import ComptExpertError, Reason

#: Clocks of two servers may differ by so much.
LEEWAY_SECONDS = 30
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

# From the most to the least particular: the first that fits names the fault.
_FAULTS: tuple[tuple[type[jwt.PyJWTError], Reason], ...] = (
    (jwt.InvalidSignatureError, Reason.TOKEN_SIGNATURE),
    (jwt.InvalidAlgorithmError, Reason.TOKEN_ALGORITHM),
    (jwt.ExpiredSignatureError, Reason.TOKEN_EXPIRED),
    (jwt.ImmatureSignatureError, Reason.TOKEN_FUTURE),
    (jwt.InvalidIssuerError, Reason.TOKEN_ISSUER),
    (jwt.InvalidAudienceError, Reason.TOKEN_AUDIENCE),
    (jwt.MissingRequiredClaimError, Reason.TOKEN_CLAIM),
    (jwt.PyJWTError, Reason.TOKEN_UNREADABLE),
)


def read_id_token(token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token for us, by the rules of OpenID Connect Core 3.1.3.7. Raises ComptExpertError."""
    claims = read_token(token, require=("exp", "iat", "iss", "aud", "sub"))
    _check_authorized_party(claims)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ComptExpertError(Reason.TOKEN_NONCE)
    return claims


def read_logout_token(token: str) -> dict[str, Any]:
    """The claims of a logout token, by the rules of OpenID Connect Back-Channel Logout 2.6. Raises ComptExpertError."""
    claims = read_token(token, require=("iat", "exp", "iss", "aud", "jti", "events"))
    events = claims["events"]
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT_EVENT), dict):
        raise ComptExpertError(Reason.TOKEN_CLAIM, "events")
    if "nonce" in claims:
        raise ComptExpertError(Reason.TOKEN_NONCE, "a logout token has none")
    if not claims.get("sub") and not claims.get("sid"):
        raise ComptExpertError(Reason.TOKEN_CLAIM, "sub or sid")
    return claims


def read_token(token: str, *, require: tuple[str, ...]) -> dict[str, Any]:
    """The claims of a token signed by ComptExpert for us and in force now. Raises ComptExpertError."""
    found = discovery()
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            found.key(_kid(token)),
            algorithms=[ALGORITHM],
            issuer=found.provider().issuer,
            audience=settings.OIDC_RP_CLIENT_ID,
            leeway=LEEWAY_SECONDS,
            options={"require": list(require)},
        )
    except jwt.PyJWTError as error:
        reason = next(reason for kind, reason in _FAULTS if isinstance(error, kind))
        raise ComptExpertError(reason, type(error).__name__) from error
    return claims


def _kid(token: str) -> str:
    """The name of the signing key. An algorithm that is not ours is refused before any key is looked for."""
    header = jwt.get_unverified_header(token)
    if header.get("alg") != ALGORITHM:
        raise ComptExpertError(Reason.TOKEN_ALGORITHM, str(header.get("alg"))[:20])
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise ComptExpertError(Reason.TOKEN_KEY, "no kid")
    return kid


def _check_authorized_party(claims: dict[str, Any]) -> None:
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if (several or "azp" in claims) and claims.get("azp") != settings.OIDC_RP_CLIENT_ID:
        raise ComptExpertError(Reason.TOKEN_AUDIENCE, "azp")
