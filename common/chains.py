"""
Seals: each line of the journal, of the invoices' timelines and of the register of kept bytes is chained, after the
fact, to the one before it, so that altering, removing or moving one shows (common/chain_check.py). Nobody who adds a
line waits for it. What is chained to what is said by the model of the seals (common/models.py:Seal).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Final
from uuid import UUID
from zlib import crc32

import structlog
from django.apps import apps
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from psycopg import sql

from common.models import Seal
from common.tenancy import tenant

logger = structlog.get_logger(__name__)

#: The chain of the lines that belong to no firm and no company.
NOBODYS: Final = UUID(int=0)
BATCH: Final = 5000
#: Batches of one run, so that a worker has other work to do: the next goes on. One that looks at everything ends it.
_MOST_BATCHES: Final = 20
#: No transaction lives for so long. Older lines are looked at once an hour.
LATEST_COMMIT: Final = timedelta(hours=1)
_WHY: Final = "the lines of every tenant are sealed"

Seals = type[Seal]


@dataclass
class Head:
    """The last seal of a chain; `lines` is how many this batch added."""

    position: int = 0
    hash: bytes = b""
    lines: int = 0


def kinds() -> list[Seals]:
    """What is sealed, each in chains of its own."""
    return [model for model in apps.get_models() if issubclass(model, Seal)]


def lock_of(seals: Seals) -> int:
    """The advisory lock that its sealer holds."""
    return crc32(seals._meta.label_lower.encode())


def seal_all(*, everything: bool = False) -> int:
    return sum(seal_lines(seals, everything=everything) for seals in kinds())


def seal_lines(seals: Seals, *, everything: bool = False) -> int:
    """
    Seal what was committed since the last time; with `everything`, also what was overlooked before.

    One at a time: whoever comes meanwhile seals nothing. Each batch is one transaction, so that a sealer that is killed
    leaves whole links. A line that is committed late finds its place at the end of the chain.
    """
    sealed, after = 0, 0 if everything else None
    for _ in count() if everything else range(_MOST_BATCHES):
        with tenant(platform=_WHY):
            if not _is_alone(seals):
                break
            lines = list(unsealed_lines(seals, after=_first(seals) if after is None else after)[:BATCH])
            heads = _append(seals, lines)
        for chain, head in heads.items():
            # Outside the database: what was cut off the end of a chain is missed here (verify_journal --head).
            logger.info(seals.told, chain=str(chain), position=head.position, hash=head.hash.hex(), lines=head.lines)
        sealed += len(lines)
        if len(lines) < BATCH:
            break
        after = lines[-1]["id"]
    return sealed


def lines_of(seals: Seals) -> QuerySet[Any]:
    lines: QuerySet[Any] = apps.get_model(seals.line)._default_manager.all()
    return lines


def unsealed_lines(seals: Seals, *, after: int = 0) -> QuerySet[Any, dict[str, Any]]:
    seal = seals._default_manager.filter(id=OuterRef("id"), id__gt=after)
    return whole_lines(seals).filter(~Exists(seal), id__gt=after).order_by("id")


def whole_lines(seals: Seals) -> QuerySet[Any, dict[str, Any]]:
    """Lines as they are sealed."""
    texts = {name: Cast(name.removesuffix("_text"), TextField()) for name in seals.sealed if name.endswith("_text")}
    lines: QuerySet[Any, dict[str, Any]] = lines_of(seals).annotate(**texts).values(*seals.sealed)
    return lines


def chain_of(seals: Seals, line: dict[str, Any]) -> UUID:
    return next((line[name] for name in seals.chained_by if line[name]), NOBODYS)


def link(seals: Seals, previous: bytes, line: dict[str, Any]) -> bytes:
    """The seal of a line that stands behind the one with seal `previous` (none: b"")."""
    values = [line[name] if name == "id" else _text(line[name]) for name in seals.sealed]
    document = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return sha256(previous + document.encode()).digest()


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _is_alone(seals: Seals) -> bool:
    """Until the transaction ends; a sealer that dies lets go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_of(seals)])
        alone: bool = cursor.fetchone()[0]
    return alone


def _first(seals: Seals) -> int:
    """The line after which one may have been committed only now."""
    settled = lines_of(seals).filter(at__lt=timezone.now() - LATEST_COMMIT)
    return settled.order_by("-id").values_list("id", flat=True).first() or 0


def _append(seals: Seals, lines: Iterable[dict[str, Any]]) -> dict[UUID, Head]:
    """The heads of the chains that have become longer."""
    placed = [(chain_of(seals, line), line) for line in lines]
    heads = _heads(seals, {chain for chain, _line in placed})
    rows = []
    for chain, line in placed:
        head = heads.setdefault(chain, Head())
        head.position, head.hash, head.lines = head.position + 1, link(seals, head.hash, line), head.lines + 1
        rows.append((line["id"], chain, head.position, head.hash))
    if rows:
        _insert(seals, rows)
    return heads


def _insert(seals: Seals, rows: Iterable[tuple[int, UUID, int, bytes]]) -> None:
    """As arrays: a parameter for each value takes five times as long."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "INSERT INTO {} (id, chain, position, hash, at)"
                " SELECT seal.*, now() FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::bytea[]) AS seal"
            ).format(sql.Identifier(seals._meta.db_table)),
            [list(column) for column in zip(*rows, strict=True)],
        )


def _heads(seals: Seals, chains: Iterable[UUID]) -> dict[UUID, Head]:
    """The last seal of each chain that has one: a step into the index for each."""
    query = """
        SELECT chain.id, head.position, head.hash FROM unnest(%s::uuid[]) AS chain (id)
        CROSS JOIN LATERAL (
            SELECT position, hash FROM {} WHERE chain = chain.id ORDER BY position DESC LIMIT 1
        ) AS head"""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(sql.Identifier(seals._meta.db_table)), [list(chains)])
        return {chain: Head(position, bytes(digest)) for chain, position, digest in cursor.fetchall()}
