"""
The journal's seals: each line is chained, after the fact, to the one before it, so that altering, removing or moving
one shows (common/journal_check.py). Nobody who adds a line waits for it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from common.models import JournalEntry, JournalSeal
from common.tenancy import tenant

logger = structlog.get_logger(__name__)

#: The chain of the lines that belong to no firm and no company.
NOBODYS: Final = UUID(int=0)
BATCH: Final = 5000
#: Batches of one run, so that a worker has other work to do: the next goes on. One that looks at everything ends it.
_MOST_BATCHES: Final = 20
#: No transaction lives for so long. Older lines are looked at once an hour.
LATEST_COMMIT: Final = timedelta(hours=1)
_WHY: Final = "the journal of every tenant is sealed"
LOCK: Final = 0x6A6F7572  # any number that nothing else locks

# What is sealed of a line: all of it. `data` as PostgreSQL writes it, whose numbers are exact.
FIELDS: Final = (
    "id",
    "uid",
    "at",
    "firm_id",
    "company_id",
    "person_id",
    "actor",
    "action",
    "object_type",
    "object_id",
    "object_label",
    "data_text",
    "ip",
    "reference",
)


@dataclass
class Head:
    """The last seal of a chain; `lines` is how many this batch added."""

    position: int = 0
    hash: bytes = b""
    lines: int = 0


def seal_lines(*, everything: bool = False) -> int:
    """
    Seal what was committed since the last time; with `everything`, also what was overlooked before.

    One at a time: whoever comes meanwhile seals nothing. Each batch is one transaction, so that a sealer that is killed
    leaves whole links. A line that is committed late finds its place at the end of the chain.
    """
    sealed, after = 0, 0 if everything else None
    for _ in count() if everything else range(_MOST_BATCHES):
        with tenant(platform=_WHY):
            if not _is_alone():
                break
            lines = list(unsealed_lines(after=_first() if after is None else after)[:BATCH])
            heads = _append(lines)
        for chain, head in heads.items():
            # Outside the database: what was cut off the end of a chain is missed here (verify_journal --head).
            logger.info(
                "journal.sealed", chain=str(chain), position=head.position, hash=head.hash.hex(), lines=head.lines
            )
        sealed += len(lines)
        if len(lines) < BATCH:
            break
        after = lines[-1]["id"]
    return sealed


def unsealed_lines(*, after: int = 0) -> QuerySet[JournalEntry, dict[str, Any]]:
    seal = JournalSeal.objects.filter(id=OuterRef("id"), id__gt=after)
    return whole_lines().filter(~Exists(seal), id__gt=after).order_by("id")


def whole_lines() -> QuerySet[JournalEntry, dict[str, Any]]:
    """Lines as they are sealed."""
    lines: QuerySet[JournalEntry, dict[str, Any]] = JournalEntry.objects.annotate(
        data_text=Cast("data", TextField())
    ).values(*FIELDS)
    return lines


def link(previous: bytes, line: dict[str, Any]) -> bytes:
    """The seal of a line that stands behind the one with seal `previous` (none: b"")."""
    values = [line[name] if name == "id" else _text(line[name]) for name in FIELDS]
    document = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return sha256(previous + document.encode()).digest()


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _is_alone() -> bool:
    """Until the transaction ends; a sealer that dies lets go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        alone: bool = cursor.fetchone()[0]
    return alone


def _first() -> int:
    """The line after which one may have been committed only now."""
    settled = JournalEntry.objects.filter(at__lt=timezone.now() - LATEST_COMMIT)
    return settled.order_by("-id").values_list("id", flat=True).first() or 0


def _append(lines: Iterable[dict[str, Any]]) -> dict[UUID, Head]:
    """The heads of the chains that have become longer."""
    placed = [(line["firm_id"] or line["company_id"] or NOBODYS, line) for line in lines]
    heads = _heads({chain for chain, _line in placed})
    seals = []
    for chain, line in placed:
        head = heads.setdefault(chain, Head())
        head.position, head.hash, head.lines = head.position + 1, link(head.hash, line), head.lines + 1
        seals.append((line["id"], chain, head.position, head.hash))
    if seals:
        _insert(seals)
    return heads


def _insert(seals: Iterable[tuple[int, UUID, int, bytes]]) -> None:
    """As arrays: a parameter for each value takes five times as long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_journalseal (id, chain, position, hash, at)"
            " SELECT seal.*, now() FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::bytea[]) AS seal",
            [list(column) for column in zip(*seals, strict=True)],
        )


def _heads(chains: Iterable[UUID]) -> dict[UUID, Head]:
    """The last seal of each chain that has one: a step into the index for each."""
    query = """
        SELECT chain.id, head.position, head.hash FROM unnest(%s::uuid[]) AS chain (id)
        CROSS JOIN LATERAL (
            SELECT position, hash FROM common_journalseal WHERE chain = chain.id ORDER BY position DESC LIMIT 1
        ) AS head"""
    with connection.cursor() as cursor:
        cursor.execute(query, [list(chains)])
        return {chain: Head(position, bytes(digest)) for chain, position, digest in cursor.fetchall()}
