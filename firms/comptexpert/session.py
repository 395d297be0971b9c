"""What a signed-in person's session keeps of ComptExpert, and how ComptExpert ends that session from afar."""

import time
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import Any, Self

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from common.journal import record
from common.sealing import resealed, seal, unseal
from common.tenancy import tenant
from firms.comptexpert.backend import Proof
from firms.comptexpert.places import COMPTEXPERT
from firms.comptexpert.services import Entry
from firms.models import ComptExpertSession
from firms.selectors import open_memberships

_BACKEND = "firms.comptexpert.backend.ComptExpertBackend"
_KEY = "comptexpert"
_REFUSALS_KEY = "comptexpert_refusals"
_CONFIRMED_KEY = "comptexpert_confirmed_at"
_CONFIRMED_SECONDS = 300
#: How long rights may stay unread while ComptExpert is away.
GRACE_SECONDS = 300
#: While ComptExpert is away it is asked again this often, not by every request.
_RETRY_SECONDS = 15
#: Longer than any session lives.
_FORGET_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class KeptRights:
    """Times are Unix seconds; `token` is sealed, the session's table holds no readable one."""

    token: str
    subject: str
    read_at: float
    tried_at: float = 0
    #: When the access token ends; 0 once ComptExpert refused it, infinite where it gave no limit.
    expires_at: float = float("inf")
    #: From here on a page is a good moment to fetch a new token by a silent trip.
    replace_from: float = float("inf")

    @classmethod
    def of(cls, session: SessionBase) -> Self | None:
        """None for somebody who did not come in by ComptExpert's callback."""
        kept = session.get(_KEY)
        return cls(**kept) if kept else None

    def keep(self, session: SessionBase) -> None:
        session[_KEY] = asdict(self)

    @property
    def access_token(self) -> str:
        return unseal(self.token.encode())

    @property
    def is_fresh(self) -> bool:
        """Whether the rights were read, or tried in vain within the grace, lately enough for this request."""
        now = time.time()
        return now < self.read_at + settings.OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS or (
            self.in_grace and now < self.tried_at + _RETRY_SECONDS
        )

    @property
    def in_grace(self) -> bool:
        return time.time() < self.read_at + settings.OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS + GRACE_SECONDS

    @property
    def is_over(self) -> bool:
        return time.time() >= self.expires_at

    @property
    def wants_replacing(self) -> bool:
        return time.time() >= self.replace_from


def open_session(request: HttpRequest, entry: Entry, proof: Proof) -> None:
    """Sign the person in (a new session key) or, in his or her own session, take the new token and rights."""
    if request.user != entry.user:
        login(request, entry.user, backend=_BACKEND)
    now = time.time()
    kept = KeptRights(token=seal(proof.access_token).decode(), subject=proof.claims.person.subject, read_at=now)
    if proof.expires_in:
        kept = replace(kept, expires_at=now + proof.expires_in, replace_from=now + proof.expires_in / 2)
    kept.keep(request.session)
    keep_refusals(request.session, entry)
    if request.session.session_key is None:
        request.session.save()
    ComptExpertSession.objects.filter(user=entry.user, opened_at__lt=timezone.now() - _FORGET_AFTER).delete()
    ComptExpertSession.objects.update_or_create(
        session_key=request.session.session_key, defaults={"user": entry.user, "sid": proof.sid}
    )


def keep_refusals(session: SessionBase, entry: Entry) -> None:
    """Which cabinets of the person cannot be entered, for the page where one chooses."""
    session[_REFUSALS_KEY] = [[refusal.name, refusal.cause] for refusal in entry.refusals]


def kept_refusals(session: SessionBase) -> list[tuple[str, str]]:
    """(name of the cabinet, cause) of each that cannot be entered."""
    return [(name, cause) for name, cause in session.get(_REFUSALS_KEY, [])]


def confirm(session: SessionBase) -> None:
    session[_CONFIRMED_KEY] = time.time()


def is_confirmed(session: SessionBase) -> bool:
    """Whether ComptExpert asked for the password again within the last five minutes."""
    return time.time() < float(session.get(_CONFIRMED_KEY, 0)) + _CONFIRMED_SECONDS


def reseal_token(session: dict[str, Any]) -> bool:
    """Seal what is kept of ComptExpert with the first key; whether it was not. Raises common.sealing.UnsealError."""
    kept = session.get(_KEY)
    if not kept:
        return False
    before, kept["token"] = kept["token"], resealed(kept["token"].encode()).decode()
    return bool(kept["token"] != before)


def end_sessions(logout_claims: dict[str, Any]) -> int:
    """End the sessions that a logout token names, one (`sid`) or all of a person; says how many there were."""
    rows = ComptExpertSession.objects.select_related("user")
    if subject := logout_claims.get("sub"):
        rows = rows.filter(user__issuer=logout_claims["iss"], user__subject=subject)
    if sid := logout_claims.get("sid"):
        rows = rows.filter(sid=sid)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = list(rows)
    for row in ended:
        store(row.session_key).delete()
        row.delete()
    for user in {row.user for row in ended}:
        _note_end(user)
    return len(ended)


def _note_end(user: User) -> None:
    for membership in open_memberships(user):
        with tenant(firm=membership.firm_id):
            record(COMPTEXPERT, "session.ended", membership)
