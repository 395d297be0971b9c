"""
The archive is looked at all the time, a little each minute: the storage's listing once a day, everything that is
sealed and every byte within a month. What is found is in the log, at `/metrics` and in the rows of `ArchiveRound`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.apps import apps
from django.utils import timezone

from common.chain_check import Place, Report, check_batch, check_unsealed
from common.chains import kinds
from common.integrity.listing import check_listing
from common.integrity.objects import check_objects
from common.models import ArchiveRound, JournalSeal, KeptObject, Seal
from common.tenancy import tenant

logger = structlog.get_logger(__name__)

_SECONDS: Final = 10.0
#: Within so many steps, one a minute, the longest round is done.
_STEPS_OF_A_MONTH: Final = 30 * 24 * 60
_FEWEST: Final = 20
_LISTED_AT_ONCE: Final = 5000
#: An object without a row may be one of a worker that was killed, and is tried again.
_GRACE: Final = timedelta(hours=1)
_MOST_KEPT: Final = 200

Step = Callable[[dict[str, Any], Report], dict[str, Any] | None]


@dataclass(frozen=True)
class Look:
    """
    `step` does the next bit behind a place and says where it ended. A round begins a day after the last began.

    `hurries`: one step follows the other as long as there is time, instead of one each minute.
    """

    name: str
    step: Step
    hurries: bool = False


def advance(*, seconds: float = _SECONDS) -> None:
    """The next bit of each look. Two at once do it twice: one of them counts."""
    for look in LOOKS:
        _advance(look, until=time.monotonic() + seconds)


def _advance(look: Look, *, until: float) -> None:
    current, _made = ArchiveRound.objects.get_or_create(name=look.name)
    if current.place is None:
        if current.started_at > timezone.now() - timedelta(days=1):
            return
        ArchiveRound.objects.filter(pk=look.name, place__isnull=True, started_at=current.started_at).update(
            place={}, started_at=timezone.now(), checked=0, problems=[]
        )
        current.refresh_from_db()
    before, report = current.place, Report()
    place = look.step(before or {}, report)
    while look.hurries and place is not None and time.monotonic() < until:
        place = look.step(place, report)
    _save(current, before, place, report)


def _save(current: ArchiveRound, before: Any, place: dict[str, Any] | None, report: Report) -> None:
    checked, problems = current.checked + report.checked, [*current.problems, *report.problems][:_MOST_KEPT]
    found: dict[str, Any] = {"place": place, "checked": checked, "problems": problems}
    if place is None:
        found |= {"last_problems": problems, "last_finished_at": timezone.now()}
    if not ArchiveRound.objects.filter(pk=current.pk, place=before, started_at=current.started_at).update(**found):
        return
    for problem in report.problems:
        logger.error("archive.problem", look=current.name, **problem)
    if place is None:
        logger.info("archive.looked_at", look=current.name, checked=checked, problems=len(problems))


def _list(place: dict[str, Any], report: Report) -> dict[str, Any] | None:
    after = check_listing(place.get("after", ""), report, limit=_LISTED_AT_ONCE, grace=_GRACE)
    return None if after is None else {"after": after}


def _read(place: dict[str, Any], report: Report) -> dict[str, Any] | None:
    """Chain after chain, each kind by its label; then the objects."""
    if "objects" in place:
        last = check_objects(place["objects"], report, limit=_how_many())
        return None if last is None else {"objects": last}
    labels = [seals._meta.label for seals in sealed_archive()]
    label = place.get("seals", labels[0])
    behind = Place(UUID(place["chain"]), place["position"]) if "chain" in place else Place()
    seals = apps.get_model(label)
    after = check_batch(seals, behind, report, what=word_of(seals))
    if after is not None:
        return {"seals": label, "chain": str(after.chain), "position": after.position}
    check_unsealed(seals, report, what=word_of(seals))
    rest = labels[labels.index(label) + 1 :]
    return {"seals": rest[0]} if rest else {"objects": 0}


def sealed_archive() -> list[type[Seal]]:
    """What is sealed besides the journal, which verify_journal looks at."""
    return [seals for seals in kinds() if seals is not JournalSeal]


def word_of(seals: type[Seal]) -> str:
    """`InvoiceEvent`, `KeptObject`: whose line a problem is about."""
    return seals.line.split(".")[1]


def _how_many() -> int:
    with tenant(platform="the archive of every tenant is verified"):
        last = KeptObject.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return max(_FEWEST, -(-last // _STEPS_OF_A_MONTH))


LISTING: Final = Look("listing", _list, hurries=True)
READING: Final = Look("reading", _read)
LOOKS: Final = (LISTING, READING)


def last_look() -> datetime | None:
    """When the archive was last looked at as a whole, every byte of it."""
    return ArchiveRound.objects.filter(name=READING.name).values_list("last_finished_at", flat=True).first()
