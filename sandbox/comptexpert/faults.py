"""The faults that the provider can be told to commit, for tests, and how each spoils a token."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.comptexpert.keys import KeyRing, sign, signed_with_public_key, unsigned

ELSEWHERE = "https://ailleurs.example"


@dataclass
class Draft:
    """A token about to be signed. `finish` is how it becomes text."""

    header: dict[str, Any]
    claims: dict[str, Any]
    keys: KeyRing
    finish: Callable[[], str] = field(init=False)

    def __post_init__(self) -> None:
        self.finish = lambda: sign(self.header, self.claims, self.keys.current)


def _expired(draft: Draft) -> None:
    past = int(time.time()) - 7200
    draft.claims.update(iat=past, exp=past + 3600)


def _issued_in_future(draft: Draft) -> None:
    future = int(time.time()) + 7200
    draft.claims.update(iat=future, exp=future + 3600)


def _wrong_signature(draft: Draft) -> None:
    # The kid of the published key, so that only the signature is wrong.
    draft.finish = lambda: sign(draft.header, draft.claims, draft.keys.rogue())


def _unknown_kid(draft: Draft) -> None:
    draft.header["kid"] = "comptexpert-inconnu"


def _missing_kid(draft: Draft) -> None:
    draft.header.pop("kid")


def _alg_none(draft: Draft) -> None:
    draft.finish = lambda: unsigned(draft.header, draft.claims)


def _alg_hs256(draft: Draft) -> None:
    draft.finish = lambda: signed_with_public_key(draft.header, draft.claims, draft.keys.current)


def _garbage(draft: Draft) -> None:
    draft.finish = lambda: "ceci.nest.pas-un-jeton"


def _claim(**values: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.claims.update(values)


def _without(name: str) -> Callable[[Draft], None]:
    return lambda draft: draft.claims.pop(name, None)


def _several_audiences(draft: Draft) -> None:
    # Two audiences and no azp: OpenID Connect Core 3.1.3.7 has the client refuse it.
    draft.claims["aud"] = [draft.claims["aud"], "un-autre-client"]
    draft.claims.pop("azp", None)


_ANY_TOKEN: dict[str, Callable[[Draft], None]] = {
    "expired": _expired,
    "issued_in_future": _issued_in_future,
    "wrong_signature": _wrong_signature,
    "unknown_kid": _unknown_kid,
    "missing_kid": _missing_kid,
    "alg_none": _alg_none,
    "alg_hs256": _alg_hs256,
    "garbage": _garbage,
    "wrong_iss": _claim(iss=ELSEWHERE),
    "wrong_aud": _claim(aud="un-autre-client"),
}

SPOILERS: dict[str, Callable[[Draft], None]] = {
    **{f"id_token_{name}": spoil for name, spoil in _ANY_TOKEN.items()},
    "id_token_missing_azp": _without("azp"),
    "id_token_wrong_azp": _claim(azp="un-autre-client"),
    "id_token_several_audiences": _several_audiences,
    "id_token_wrong_nonce": _claim(nonce="un-autre-nonce"),
    "id_token_missing_nonce": _without("nonce"),
    "id_token_missing_exp": _without("exp"),
    "id_token_other_sub": _claim(sub="quelquun.dautre"),
    **{f"logout_token_{name}": spoil for name, spoil in _ANY_TOKEN.items()},
    "logout_token_missing_events": _without("events"),
    "logout_token_with_nonce": _claim(nonce="interdit-ici"),
    "logout_token_missing_sub": _without("sub"),
}

ENDPOINT_FAULTS = frozenset({
    "authorize_access_denied", "authorize_server_error", "authorize_login_required", "authorize_wrong_state",
    "authorize_missing_code",
    "token_500", "token_not_json", "token_slow", "token_invalid_grant", "id_token_missing",
    "userinfo_500", "userinfo_401", "userinfo_not_json", "userinfo_slow", "userinfo_other_sub",
    "jwks_500", "jwks_not_json", "jwks_empty", "jwks_slow",
})  # fmt: skip

KNOWN = ENDPOINT_FAULTS | frozenset(SPOILERS)


@dataclass(frozen=True)
class Fault:
    """`sub` None means anybody. `seconds` is how long a slow one takes."""

    name: str
    sub: str | None = None
    once: bool = False
    seconds: float = 10.0


class Faults:
    """The armed faults. Those scoped to a `sub` leave everybody else's sign-in alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, faults: Iterable[Fault], *, sub: str | None) -> None:
        """Replace the faults of one scope."""
        with self._lock:
            self._armed = [fault for fault in self._armed if fault.sub != sub] + list(faults)

    def clear(self) -> None:
        with self._lock:
            self._armed = []

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._armed]

    def take(self, name: str, *, sub: str | None = None) -> Fault | None:
        """Answer the armed fault of this name for this person, used up when it was to happen once."""
        with self._lock:
            for fault in self._armed:
                if fault.name == name and fault.sub in (None, sub):
                    if fault.once:
                        self._armed.remove(fault)
                    return fault
            return None

    def spoil(self, draft: Draft, *, kind: str, sub: str) -> str:
        """Answer the token, spoilt by whatever is armed for its `kind` (« id_token », « logout_token »)."""
        for name, spoiler in SPOILERS.items():
            if name.startswith(kind) and self.take(name, sub=sub):
                spoiler(draft)
        return draft.finish()
