"""Everything that common.sealing sealed, sealed again with the first of ENCRYPTION_KEYS, so that an old one can go."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet
from django.utils import timezone

from common.journal import ASSISTANCE, record
from common.sealing import UnsealError, resealed
from common.tenancy import tenant
from firms.comptexpert.session import reseal_token
from firms.models import ApiKey
from outbox.models import OutgoingEmail

BATCH: Final = 200
_WHY: Final = "what is sealed is sealed again for every tenant"


@dataclass
class Outcome:
    """How many rows were sealed again, and how many no key opens; the others were up to date."""

    resealed: int = 0
    unreadable: int = 0


@dataclass(frozen=True)
class Place:
    """A column that holds something sealed; `reseal` gives its value sealed with the first key, equal if it was."""

    rows: Callable[[], QuerySet[Any]]
    column: str
    reseal: Callable[[Any], Any]

    def reseal_rows(self) -> Outcome:
        """Batch by batch, each a transaction: the rows that are being read or written are waited for."""
        outcome, after = Outcome(), None
        while True:
            with tenant(platform=_WHY):
                rows = self.rows() if after is None else self.rows().filter(pk__gt=after)
                batch = list(rows.select_for_update(no_key=True).only("pk", self.column).order_by("pk")[:BATCH])
                changed = [row for row in batch if self._reseal_row(row, outcome)]
                if changed:
                    rows.model._default_manager.bulk_update(changed, [self.column])
            outcome.resealed += len(changed)
            if len(batch) < BATCH:
                return outcome
            after = batch[-1].pk

    def _reseal_row(self, row: Model, outcome: Outcome) -> bool:
        before = getattr(row, self.column)
        try:
            value = self.reseal(before)
        except UnsealError:
            outcome.unreadable += 1
            return False
        setattr(row, self.column, value)
        return bool(value != before)


def reseal_everything() -> dict[str, dict[str, int]]:
    """By place; run again, it finds nothing left to do. The journal says that it was done."""
    outcome = {name: asdict(place.reseal_rows()) for name, place in PLACES.items()}
    with tenant(platform=_WHY):
        record(ASSISTANCE, "platform.keys_rotated", resealed=outcome)
    return outcome


def _reseal_factor(data: dict[str, Any]) -> dict[str, Any]:
    """An application's secret, the seed of recovery codes; passkeys have nothing sealed."""
    return data | {name: resealed(data[name].encode()).decode() for name in ("secret", "seed") if name in data}


def _reseal_session(encoded: str) -> str:
    store = SessionStore()
    content = store.decode(encoded)
    return store.encode(content) if reseal_token(content) else encoded


PLACES: Final = {
    "api_keys": Place(ApiKey.objects.all, "sealed", lambda sealed: resealed(bytes(sealed))),
    "emails": Place(
        lambda: OutgoingEmail.objects.exclude(sealed_body=b""), "sealed_body", lambda body: resealed(bytes(body))
    ),
    "second_factors": Place(Authenticator.objects.all, "data", _reseal_factor),
    "sessions": Place(lambda: Session.objects.filter(expire_date__gt=timezone.now()), "session_data", _reseal_session),
}
