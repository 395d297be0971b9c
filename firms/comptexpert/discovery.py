"""Where ComptExpert's endpoints and signing keys are: read from its own description, kept a few minutes."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from django.conf import settings

from firms.comptexpert.errors import ComptExpertError, Reason

ALGORITHM = "RS256"
_KEPT_SECONDS = 300
_RETRY_SECONDS = 30
#: A key that nobody knows makes us read the keys again; at most this often, whatever strangers send.
_KEYS_PAUSE = 1.0
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@contextmanager
def provider_errors(endpoint: str) -> Iterator[None]:
    """Name what an HTTP call to ComptExpert may fail with; `endpoint` is for the log."""
    try:
        yield
    except requests.Timeout as error:
        raise ComptExpertError(Reason.PROVIDER_SLOW, endpoint) from error
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "?"
        raise ComptExpertError(Reason.PROVIDER_DOWN, f"{endpoint} {status}") from error
    except ValueError as error:  # requests' JSONDecodeError is one
        raise ComptExpertError(Reason.PROVIDER_UNREADABLE, endpoint) from error
    except requests.RequestException as error:
        raise ComptExpertError(Reason.PROVIDER_DOWN, f"{endpoint} {type(error).__name__}") from error


def fetch_object(
    url: str, *, endpoint: str, headers: Mapping[str, str] | None = None, timeout: float | None = None
) -> dict[str, Any]:
    """The JSON object at `url`; `timeout` is in seconds. Raises ComptExpertError."""
    with provider_errors(endpoint):
        response = requests.get(url, headers=headers, timeout=timeout or settings.OIDC_TIMEOUT)
        response.raise_for_status()
        found = response.json()
    if not isinstance(found, dict):
        raise ComptExpertError(Reason.PROVIDER_UNREADABLE, endpoint)
    return found


@dataclass(frozen=True)
class Provider:
    """What the provider says of itself. `issuer` is the name that its tokens must carry, to the letter."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str


class Discovery:
    """One provider's description and keys, shared by the threads of this process."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._lock = threading.Lock()
        self._provider: Provider | None = None
        self._provider_until = 0.0
        self._keys: dict[str, jwt.PyJWK] = {}
        self._keys_read = float("-inf")

    def provider(self) -> Provider:
        """The description; an old one while a newer one cannot be read. Raises ComptExpertError."""
        now = time.monotonic()
        with self._lock:
            known = self._provider
            if known is not None and now < self._provider_until:
                return known
            # The others go on with the known one while this thread waits for the network.
            self._provider_until = now + _RETRY_SECONDS
        try:
            fresh = self._read_provider()
        except ComptExpertError as error:
            if known is not None and error.reason.passes:
                return known
            raise
        with self._lock:
            self._provider, self._provider_until = fresh, time.monotonic() + _KEPT_SECONDS
        return fresh

    def key(self, kid: str) -> jwt.PyJWK:
        """The published key of this name; the keys are read again once when it is not known. ComptExpertError."""
        provider = self.provider()
        with self._lock:
            age = time.monotonic() - self._keys_read
            if age > _KEPT_SECONDS or (kid not in self._keys and age > _KEYS_PAUSE):
                self._keys = _signing_keys(fetch_object(provider.jwks_uri, endpoint="jwks"))
                self._keys_read = time.monotonic()
            try:
                return self._keys[kid]
            except KeyError:
                raise ComptExpertError(Reason.TOKEN_KEY, f"kid {kid[:40]}") from None

    def _read_provider(self) -> Provider:
        found = fetch_object(f"{self._issuer}/.well-known/openid-configuration", endpoint="discovery")
        issuer = found.get("issuer")
        # The setting is kept without its final slash; the provider's own spelling is what tokens carry.
        if not isinstance(issuer, str) or issuer.rstrip("/") != self._issuer:
            raise ComptExpertError(Reason.PROVIDER_OTHER_ISSUER, str(issuer)[:100])
        endpoints = {name: found.get(name) for name in _ENDPOINTS}
        if not all(isinstance(url, str) and url.startswith(("https://", "http://")) for url in endpoints.values()):
            raise ComptExpertError(Reason.PROVIDER_UNREADABLE, "discovery")
        return Provider(issuer=issuer, **{name: str(url) for name, url in endpoints.items()})


def _signing_keys(jwks: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    """RSA keys that may sign, by their name; a key without a name cannot be chosen safely and is left out."""
    listed = jwks.get("keys")
    if not isinstance(listed, list):
        raise ComptExpertError(Reason.PROVIDER_UNREADABLE, "jwks")
    found: dict[str, jwt.PyJWK] = {}
    for jwk in listed:
        if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str) or jwk.get("kty") != "RSA":
            continue
        if jwk.get("use", "sig") != "sig" or jwk.get("alg", ALGORITHM) != ALGORITHM:
            continue
        try:
            found[jwk["kid"]] = jwt.PyJWK(jwk, algorithm=ALGORITHM)
        except jwt.PyJWTError as error:
            raise ComptExpertError(Reason.PROVIDER_UNREADABLE, "jwks") from error
    return found


_discoveries: dict[str, Discovery] = {}


def discovery() -> Discovery:
    """The discovery of the issuer that the settings name now."""
    issuer: str = settings.COMPTEXPERT_ISSUER
    return _discoveries.setdefault(issuer, Discovery(issuer))
