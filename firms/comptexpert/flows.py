"""One trip to ComptExpert and back. Each trip has a signed cookie of its own, so that two tabs never mix theirs."""

import re
import secrets
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from mozilla_django_oidc.utils import absolutify, generate_code_challenge

from firms.comptexpert.discovery import discovery
from firms.comptexpert.errors import ComptExpertError, Reason

_PREFIX = "jefacture_trip_"
_PATH = "/comptexpert/"
_SALT = "firms.comptexpert.flows"
_LIFETIME_SECONDS = 600
#: A browser that starts a trip again and again keeps the latest ones only.
_MOST_AT_ONCE = 8


class Purpose(StrEnum):
    ENTER = "enter"
    #: The access token is over: come back with a new one, without a page if ComptExpert still knows the person.
    RENEW = "renew"
    #: « Confirm that it is you »: ComptExpert must ask for the password again.
    CONFIRM = "confirm"


_PROMPTS = {
    Purpose.ENTER: {},
    Purpose.RENEW: {"prompt": "none"},
    Purpose.CONFIRM: {"prompt": "login", "max_age": "0"},
}


@dataclass(frozen=True)
class Flow:
    """`next` is a path of this site, or empty."""

    purpose: Purpose
    next: str = ""
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    started_at: int = field(default_factory=lambda: int(time.time()))


def safe_next(request: HttpRequest, address: str | None) -> str:
    """The address without its host if it is one of this site's pages, else nothing."""
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not address or not allowed:
        return ""
    path = urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()
    # Without its host, « http://here//there/ » would name another one: the path alone is judged again.
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def _authorization_url(request: HttpRequest, flow: Flow) -> str:
    asked = {
        "response_type": "code",
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "redirect_uri": redirect_uri(request),
        "scope": settings.OIDC_RP_SCOPES,
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": generate_code_challenge(flow.verifier, "S256"),
        "code_challenge_method": "S256",
        **_PROMPTS[flow.purpose],
    }
    endpoint = discovery().provider().authorization_endpoint
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def begin(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Send the browser to ComptExpert. Raises ComptExpertError when ComptExpert's addresses cannot be read."""
    response = HttpResponseRedirect(_authorization_url(request, flow))
    _remember(request, response, flow)
    return response


def redirect_uri(request: HttpRequest) -> str:
    address: str = absolutify(request, reverse(settings.OIDC_AUTHENTICATION_CALLBACK_URL))
    return address


def _remember(request: HttpRequest, response: HttpResponse, flow: Flow) -> None:
    """Give the browser the trip's cookie, for the callback alone."""
    started = _started(request)
    for name in sorted(started, key=started.__getitem__)[: 1 - _MOST_AT_ONCE]:
        response.delete_cookie(name, path=_PATH)
    response.set_cookie(
        _cookie_name(flow.state),
        signing.dumps(asdict(flow), salt=_SALT, compress=True),
        max_age=_LIFETIME_SECONDS,
        path=_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def recall(request: HttpRequest) -> Flow:
    """The trip that this callback ends. Raises ComptExpertError for a forged, foreign, replayed or old state."""
    state = request.GET.get("state", "")
    flow = _read(request.COOKIES.get(_cookie_name(state), "")) if state else None
    if flow is None or not secrets.compare_digest(flow.state.encode(), state.encode()):
        raise ComptExpertError(Reason.UNKNOWN_STATE)
    return flow


def forget(response: HttpResponse, state: str) -> None:
    """The trip is over, well or badly: its state never serves again."""
    if state:
        response.delete_cookie(_cookie_name(state), path=_PATH)


def _cookie_name(state: str) -> str:
    return f"{_PREFIX}{sha256(state.encode()).hexdigest()[:16]}"


def _started(request: HttpRequest) -> dict[str, int]:
    """The trips under way in this browser: cookie name → when it started (0 for one that cannot be read)."""
    names = [name for name in request.COOKIES if re.fullmatch(rf"{_PREFIX}[0-9a-f]{{16}}", name)]
    flows = {name: _read(request.COOKIES[name]) for name in names}
    return {name: flow.started_at if flow else 0 for name, flow in flows.items()}


def _read(cookie: str) -> Flow | None:
    try:
        kept = signing.loads(cookie, salt=_SALT, max_age=_LIFETIME_SECONDS)
        return Flow(**{**kept, "purpose": Purpose(kept["purpose"])})
    except (signing.BadSignature, TypeError, ValueError, KeyError):
        return None
