"""Every object that the register names is read whole and compared, with the row that names it."""

import hashlib
from collections import defaultdict
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet

from common import vault
from common.chain_check import Report
from common.models import KeptObject
from common.tenancy import tenant

BATCH: Final = 200
_WHY: Final = "the archive of every tenant is verified"


def check_objects(after: int, report: Report, *, limit: int = BATCH) -> int | None:
    """
    The next lines of the register behind `after`; the last of them, None where there are no more.

    Problems: « missing » and « altered » (the bytes), « row_removed » and « row_altered » (what names them).
    """
    with tenant(platform=_WHY):
        lines = list(_lines().filter(id__gt=after).order_by("id")[:limit])
        rows = _rows(lines)
    for line in lines:
        _check_row(line, rows.get((line.source, line.source_id)), report)
        if not line.said_before:  # type: ignore[attr-defined] # annotated by _lines
            _check_bytes(line, report)
            report.checked += 1
    return lines[-1].pk if lines else None


def _lines() -> QuerySet[KeptObject]:
    gone = KeptObject.objects.filter(source=OuterRef("source"), source_id=OuterRef("source_id"), gone=True)
    # A deposit and the original of its invoice are the same bytes: they are read once.
    same = {name: OuterRef(name) for name in ("name", "size", "sha256")}
    before = KeptObject.objects.filter(**same, gone=False, id__lt=OuterRef("id"))
    return KeptObject.objects.filter(~Exists(gone), gone=False).annotate(said_before=Exists(before))


def _rows(lines: list[KeptObject]) -> dict[tuple[str, UUID], tuple[Any, ...]]:
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for line in lines:
        wanted[line.source].append(line.source_id)
    models = {model._meta.db_table: model for model in apps.get_models()}
    found = {}
    for source, ids in wanted.items():
        named = models[source]._default_manager.filter(pk__in=ids)
        for pk, *rest in named.values_list("pk", "company_id", "stored_as", "size", "sha256"):
            found[source, pk] = tuple(rest)
    return found


def _check_row(line: KeptObject, row: tuple[Any, ...] | None, report: Report) -> None:
    where = {"object": line.name, "company": str(line.company_id), "row": f"{line.source} {line.source_id}"}
    if row is None:
        report.add("row_removed", **where)
    elif row != (line.company_id, line.name, line.size, line.sha256):
        report.add("row_altered", **where)


def _check_bytes(line: KeptObject, report: Report) -> None:
    where = {"object": line.name, "company": str(line.company_id)}
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in vault.chunks_of(line.name):
            digest.update(chunk)
            size += len(chunk)
    except FileNotFoundError:
        if not _went_meanwhile(line):
            report.add("missing", **where)
        return
    if (size, digest.hexdigest()) != (line.size, line.sha256):
        report.add("altered", **where, size=size, sha256=digest.hexdigest())


def _went_meanwhile(line: KeptObject) -> bool:
    with tenant(platform=_WHY):
        return not _lines().filter(pk=line.pk).exists()
