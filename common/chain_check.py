"""Whether lines are as they were sealed: every chain is walked from its first seal, a batch at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from common.chains import BATCH, LATEST_COMMIT, Seals, chain_of, link, unsealed_lines, whole_lines
from common.models import JournalSeal, Seal
from common.tenancy import tenant

#: Sealers run every ten seconds, and once an hour for what they overlooked.
TOO_LONG: Final = LATEST_COMMIT + timedelta(hours=1)
_MOST_PROBLEMS: Final = 200
_WHY: Final = "the lines of every tenant are verified"
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True)
class ExpectedHead:
    """What a log line `journal.sealed` told of a chain."""

    chain: UUID
    position: int
    hash: bytes


@dataclass
class Report:
    checked: int = 0
    #: The first ones; the last of them counts the others.
    problems: list[dict[str, Any]] = field(default_factory=list)
    left_out: int = 0

    def add(self, problem: str, **where: Any) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append({"problem": problem, **where})
        else:
            self.left_out += 1

    def as_json(self) -> dict[str, Any]:
        more = [{"problem": "more", "count": self.left_out}] if self.left_out else []
        return {"ok": not self.problems, "checked": self.checked, "problems": self.problems + more}


@dataclass(frozen=True)
class Place:
    """Behind the seal that was looked at last."""

    chain: UUID = _BEFORE_ALL
    position: int = 0


def check_journal(expected: Iterable[ExpectedHead] = ()) -> Report:
    """
    Every seal of the journal against its line and the seal before, lines that no sealer took, and heads that were kept.

    Problems: « altered » (the line is not the one that was sealed at this place), « removed », « seals_missing »,
    « unsealed », « cut » (the chain no longer holds a head that was told).
    """
    report = Report()
    check_chains(JournalSeal, report)
    for head in expected:
        check_head([JournalSeal], head, report)
    return report


def check_chains(seals: Seals, report: Report, **what: str) -> None:
    """Every chain of this kind, and lines without a seal; `what` goes into each problem."""
    place: Place | None = Place()
    while place is not None:
        place = check_batch(seals, place, report, **what)
    check_unsealed(seals, report, **what)


def check_batch(seals: Seals, after: Place, report: Report, **what: str) -> Place | None:
    """The next seals behind a place, in the order of chains and positions; None where there are no more."""
    with tenant(platform=_WHY):
        following = seals._default_manager.filter(
            Q(chain__gt=after.chain) | Q(chain=after.chain, position__gt=after.position), chain__gte=after.chain
        )
        found = list(following.order_by("chain", "position")[:BATCH])
        lines = {line["id"]: line for line in whole_lines(seals).filter(id__in=[seal.pk for seal in found])}
        last = seals._default_manager.filter(chain=after.chain, position=after.position).first()
    before = last or seals(chain=after.chain, position=after.position, hash=b"")
    for seal in found:
        if seal.chain != before.chain:
            before = seals(chain=seal.chain, position=0, hash=b"")
        _check_seal(before, seal, lines.get(seal.pk), report, **what)
        before = seal
    report.checked += len(found)
    return Place(found[-1].chain, found[-1].position) if found else None


def _check_seal(before: Seal, seal: Seal, line: dict[str, Any] | None, report: Report, **what: str) -> None:
    where = {**what, "chain": str(seal.chain), "position": seal.position, "line": seal.pk}
    missing = seal.position - before.position - 1
    if missing:
        report.add("seals_missing", **where, missing=missing)
    if line is None:
        report.add("removed", **where)
    # Where the seal before is gone, whether the line is the one that was sealed cannot be told.
    elif not missing and link(type(seal), bytes(before.hash), line) != bytes(seal.hash):
        report.add("altered", **where)


def check_unsealed(seals: Seals, report: Report, **what: str) -> None:
    with tenant(platform=_WHY):
        late = unsealed_lines(seals).filter(at__lt=timezone.now() - TOO_LONG)
        for line in late.iterator():
            report.add("unsealed", **what, chain=str(chain_of(seals, line)), line=line["id"])


def check_head(of: Iterable[Seals], head: ExpectedHead, report: Report) -> None:
    with tenant(platform=_WHY):
        found = [seals._default_manager.filter(chain=head.chain, position=head.position).first() for seals in of]
    if head.hash not in [bytes(seal.hash) for seal in found if seal is not None]:
        report.add("cut", chain=str(head.chain), position=head.position)
