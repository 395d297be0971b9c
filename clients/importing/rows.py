"""The dry run's rows on their way to the database, which writes one batch while the next is planned."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from secrets import token_hex
from typing import Final

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from clients.enums import RowAction
from clients.importing.columns.base import Value
from clients.importing.plan import COLLABORATORS, PlannedRow
from clients.models import ImportJob, ImportRow
from clients.services.files import SEARCHED, searched
from common.bulk import copy_documents, insert_from, temporary_table

_TABLE: Final = "import_planned"
# One JSON document per row, an array of these.
_FIELDS: Final = {
    "number": sql.SQL("(planned ->> 0)::integer"),
    "action": sql.SQL("planned ->> 1"),
    "name": sql.SQL("planned ->> 2"),
    "siren": sql.SQL("planned ->> 3"),
    "values": sql.SQL("planned -> 4"),
    "changes": sql.SQL("planned -> 5"),
    "reasons": sql.SQL("planned -> 6"),
    "warnings": sql.SQL("planned -> 7"),
    "assignees": sql.SQL("planned -> 8"),
    "cells": sql.SQL("planned -> 9"),
    "search": sql.SQL("planned ->> 10"),
}
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class RowWriter:
    """Use it between `write` and `settle` only: the connection is busy with the rows."""

    def __init__(self, job: ImportJob, cursor: CursorWrapper, thread: ThreadPoolExecutor) -> None:
        self._cursor = cursor
        self._thread = thread
        self._insert = insert_from(
            ImportRow(firm_id=job.firm_id, job=job),
            {**_FIELDS, "client_id": _new_id()},
            # In one message with the INSERT: each answer is a wait, a long one where the machine is busy.
            sql.SQL("FROM {table}; TRUNCATE {table}").format(table=sql.Identifier(_TABLE)),
        )
        self._under_way: Future[None] | None = None

    def write(self, rows: Sequence[PlannedRow]) -> None:
        """Returns at once; nothing else may use the connection before `settle`."""
        self.settle()
        self._under_way = self._thread.submit(self._write, [_document(row) for row in rows])

    def settle(self) -> None:
        """Wait for the rows that are being written."""
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None

    def _write(self, documents: Sequence[str]) -> None:
        copy_documents(self._cursor, _TABLE, documents)
        self._cursor.execute(self._insert)


@contextmanager
def row_writer(job: ImportJob) -> Iterator[RowWriter]:
    """Writes the rows of `job` in the open transaction, by a thread: its waiting for PostgreSQL costs no time here."""
    with temporary_table(_TABLE, {"planned": "jsonb"}) as cursor, ThreadPoolExecutor(max_workers=1) as thread:
        # Else the rows' keys are looked up at the commit, when nothing else is left to do meanwhile.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        writer = RowWriter(job, cursor, thread)
        yield writer
        writer.settle()


def _document(row: PlannedRow) -> str:
    values, creates = row.values, row.action == RowAction.CREATE
    if COLLABORATORS in values and creates:
        values = {name: value for name, value in values.items() if name != COLLABORATORS}
    return _encode(
        (
            row.number,
            row.action.value,
            row.name[:200],
            (row.siren or "")[:20],
            values if creates else {},
            {change.field: (_shown(change.old), _shown(change.new)) for change in row.changes},
            row.reasons,
            row.warnings,
            row.values.get(COLLABORATORS, ()),
            # Only what the error workbook gives back.
            row.cells if row.action == RowAction.REJECT else (),
            _found_by(values) if creates else "",
        )
    )


def _new_id() -> sql.Composed:
    """The id of the file to be, from one secret for the sheet: the act then makes it without a look at it here."""
    return sql.SQL("CASE planned ->> 1 WHEN {} THEN md5({} || (planned ->> 0))::uuid END").format(
        sql.Literal(RowAction.CREATE.value), sql.Literal(token_hex(16))
    )


def _found_by(values: Mapping[str, Value]) -> str:
    return searched(" ".join([str(values[name]) for name in SEARCHED if name in values]))


def _shown(value: str | tuple[str, ...]) -> str:
    return ", ".join(value) if isinstance(value, tuple) else value
