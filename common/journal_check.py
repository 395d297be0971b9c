"""Whether the journal is as it was sealed: every chain is walked from its first seal, a batch at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from common.journal_chain import BATCH, LATEST_COMMIT, link, unsealed_lines, whole_lines
from common.models import JournalSeal
from common.tenancy import tenant

#: Sealers run every ten seconds, and once an hour for what they overlooked.
TOO_LONG: Final = LATEST_COMMIT + timedelta(hours=1)
_MOST_PROBLEMS: Final = 200
_WHY: Final = "the journal of every tenant is verified"


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


def check_journal(expected: Iterable[ExpectedHead] = ()) -> Report:
    """
    Every seal against its line and the seal before, lines that no sealer took, and the heads that somebody kept.

    Problems: « altered » (the line is not the one that was sealed at this place), « removed », « seals_missing »,
    « unsealed », « cut » (the chain no longer holds a head that was told).
    """
    report = Report()
    chain: UUID | None = None
    while (chain := _next_chain(chain)) is not None:
        _check_chain(chain, report)
    _check_unsealed(report)
    for head in expected:
        _check_head(head, report)
    return report


def _next_chain(after: UUID | None) -> UUID | None:
    with tenant(platform=_WHY):
        seals = JournalSeal.objects.order_by("chain", "position")
        if after is not None:
            seals = seals.filter(chain__gt=after)
        return seals.values_list("chain", flat=True).first()


def _check_chain(chain: UUID, report: Report) -> None:
    last = JournalSeal(position=0, hash=b"")
    for seals, lines in _batches(chain):
        for before, seal in pairwise([last, *seals]):
            _check_seal(before, seal, lines.get(seal.pk), report)
        last = seals[-1]
        report.checked += len(seals)


def _batches(chain: UUID) -> Iterator[tuple[list[JournalSeal], dict[int, dict[str, Any]]]]:
    position = 0
    while True:
        with tenant(platform=_WHY):
            following = JournalSeal.objects.filter(chain=chain, position__gt=position).order_by("position")
            seals = list(following[:BATCH])
            lines = {line["id"]: line for line in whole_lines().filter(id__in=[seal.pk for seal in seals])}
        if not seals:
            return
        yield seals, lines
        position = seals[-1].position


def _check_seal(before: JournalSeal, seal: JournalSeal, line: dict[str, Any] | None, report: Report) -> None:
    where = {"chain": str(seal.chain), "position": seal.position, "line": seal.pk}
    missing = seal.position - before.position - 1
    if missing:
        report.add("seals_missing", **where, missing=missing)
    if line is None:
        report.add("removed", **where)
    # Where the seal before is gone, whether the line is the one that was sealed cannot be told.
    elif not missing and link(bytes(before.hash), line) != bytes(seal.hash):
        report.add("altered", **where)


def _check_unsealed(report: Report) -> None:
    with tenant(platform=_WHY):
        late = unsealed_lines().filter(at__lt=timezone.now() - TOO_LONG).values("id", "firm_id", "company_id")
        for line in late.iterator():
            report.add("unsealed", chain=str(line["firm_id"] or line["company_id"] or ""), line=line["id"])


def _check_head(head: ExpectedHead, report: Report) -> None:
    with tenant(platform=_WHY):
        seal = JournalSeal.objects.filter(chain=head.chain, position=head.position).first()
    if seal is None or bytes(seal.hash) != head.hash:
        report.add("cut", chain=str(head.chain), position=head.position)
