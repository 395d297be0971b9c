"""What the provider remembers: people, sessions, codes and access tokens. In memory only: a restart begins anew."""

import secrets
import threading
import time
from copy import deepcopy
from dataclasses import dataclass, field

from sandbox.comptexpert.people import Claims, initial_people, new_person

CODE_SECONDS = 60
TOKEN_SECONDS = 3600


@dataclass(frozen=True)
class Session:
    """One sign-in of one person in one browser. `sid` is told to the client; the cookie's value is not."""

    sub: str
    sid: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    auth_time: int = field(default_factory=lambda: int(time.time()))


@dataclass(frozen=True)
class Code:
    """One authorization code, with the names that Authlib reads."""

    code: str
    session: Session
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    expires_at: float = field(default_factory=lambda: time.monotonic() + CODE_SECONDS)

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.session.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass(frozen=True)
class AccessToken:
    """One access token, with the names that Authlib reads."""

    session: Session
    scope: str
    code: str
    expires_at: float = field(default_factory=lambda: time.monotonic() + TOKEN_SECONDS)

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return time.monotonic() > self.expires_at

    def is_revoked(self) -> bool:
        # A revoked token is forgotten, so that it is not found at all.
        return False


class State:
    """Everything that changes, behind one lock."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._people = initial_people()
            self._sessions: dict[str, Session] = {}
            self._codes: dict[str, Code] = {}
            self._tokens: dict[str, AccessToken] = {}

    def people(self) -> list[Claims]:
        with self._lock:
            return deepcopy(list(self._people.values()))

    def person(self, sub: str) -> Claims | None:
        with self._lock:
            return deepcopy(self._people.get(sub))

    def merge_person(self, sub: str, changes: Claims) -> Claims:
        """Replace the claims that `changes` names and keep the others; an unknown `sub` makes a new person."""
        with self._lock:
            known = self._people.get(sub) or new_person(sub)
            self._people[sub] = {**known, **deepcopy(changes), "sub": sub}
            return deepcopy(self._people[sub])

    def restore_person(self, sub: str) -> Claims | None:
        """Give a person of the beginning the claims of the beginning; forget one made up since (None)."""
        with self._lock:
            original = initial_people().get(sub)
            if original is None:
                self._people.pop(sub, None)
                self.end_sessions(sub)
            else:
                self._people[sub] = original
            return deepcopy(original)

    def open_session(self, sub: str, *, replacing: str | None) -> tuple[str, Session]:
        """Answer the new cookie's value and the session, the browser's former one being over."""
        with self._lock:
            if replacing is not None:
                self._sessions.pop(replacing, None)
            cookie, session = secrets.token_urlsafe(32), Session(sub)
            self._sessions[cookie] = session
            return cookie, session

    def session(self, cookie: str | None) -> Session | None:
        with self._lock:
            session = self._sessions.get(cookie or "")
            return session if session and session.sub in self._people else None

    def end_sessions(self, sub: str, *, sid: str | None = None) -> None:
        """End a person's sessions (one, or all of them) with the codes and tokens that came of them."""
        with self._lock:

            def goes(session: Session) -> bool:
                return session.sub == sub and sid in (None, session.sid)

            self._sessions = {key: session for key, session in self._sessions.items() if not goes(session)}
            self._codes = {key: code for key, code in self._codes.items() if not goes(code.session)}
            self._tokens = {key: token for key, token in self._tokens.items() if not goes(token.session)}

    def save_code(self, code: Code) -> None:
        with self._lock:
            self._codes[code.code] = code

    def peek_code(self, code: str) -> Code | None:
        with self._lock:
            return self._codes.get(code)

    def take_code(self, code: str) -> Code | None:
        """Answer a live code once; a second call revokes what the first one gave (RFC 6749, 4.1.2)."""
        with self._lock:
            found = self._codes.pop(code, None)
            if found is None:
                self._tokens = {key: token for key, token in self._tokens.items() if token.code != code}
            return found if found and time.monotonic() < found.expires_at else None

    def save_token(self, value: str, token: AccessToken) -> None:
        with self._lock:
            self._tokens[value] = token

    def token(self, value: str) -> AccessToken | None:
        with self._lock:
            token = self._tokens.get(value)
            return token if token and token.session.sub in self._people else None
