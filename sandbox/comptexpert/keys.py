"""The provider's signing keys, and the wrong ones that faults sign with."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

ALGORITHM = "RS256"


class KeyRing:
    """The current key signs; former keys stay published until they are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys = [_new_key()]
        self._rogue: RSAKey | None = None

    @property
    def current(self) -> RSAKey:
        return self._keys[-1]

    @property
    def published(self) -> KeySet:
        return KeySet(list(reversed(self._keys)))

    def jwks(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in reversed(self._keys)]}

    def rotate(self, *, forget: bool) -> list[str]:
        """Make a new key the current one; answer the published kids, the current one first."""
        key = _new_key()
        with self._lock:
            self._keys = [key] if forget else [*self._keys, key]
            return [str(each.kid) for each in reversed(self._keys)]

    def rogue(self) -> RSAKey:
        """Answer a key that is never published."""
        with self._lock:
            self._rogue = self._rogue or _new_key()
            return self._rogue


def _new_key() -> RSAKey:
    kid = f"comptexpert-{secrets.token_hex(4)}"
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": ALGORITHM})


def sign(header: dict[str, Any], claims: dict[str, Any], key: RSAKey) -> str:
    return jwt.encode({"alg": ALGORITHM, **header}, claims, key, [ALGORITHM])


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Answer a token of algorithm « none », which no client may accept."""
    return f"{_part({**header, 'alg': 'none'})}.{_part(claims)}."


def signed_with_public_key(header: dict[str, Any], claims: dict[str, Any], key: RSAKey) -> str:
    """Answer an HS256 token whose secret is the public key: the old algorithm-confusion attack."""
    signing_input = f"{_part({**header, 'alg': 'HS256'})}.{_part(claims)}"
    digest = hmac.new(key.as_pem(private=False), signing_input.encode(), hashlib.sha256).digest()
    return f"{signing_input}.{_base64(digest)}"


def _part(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
