"""What the act does to one chunk of rows, each step one statement.

Each statement repeats which rows the chunk is about: PostgreSQL, which has no statistics of what was written a moment
ago, would read all of the import's rows otherwise.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from psycopg import sql

from clients.enums import RowAction
from clients.importing.directory import assigns
from clients.models import Client, ClientAssignment, ImportJob
from clients.services.files import EDITABLE, SEARCHED
from common.bulk import insert_from, random_uuid

#: The files that the chunk changes. A key: without statistics a join may read either side for each row of the other.
CHUNK: Final = "import_chunk"
CHUNK_COLUMNS: Final = {"row_id": "bigint PRIMARY KEY", "client_id": "uuid", "version": "integer", "search": "text"}
#: The rows that were written, as `r`, each with its `file`.
_WRITTEN: Final = {
    RowAction.CREATE: sql.SQL(
        "FROM clients_importrow r CROSS JOIN LATERAL (SELECT r.client_id, 1) AS file (client_id, version)"
        " WHERE {} AND r.action = 'create'"
    ),
    RowAction.UPDATE: sql.SQL(
        "FROM import_chunk file JOIN clients_importrow r ON r.id = file.row_id WHERE {} AND r.action = 'update'"
    ),
}

#: Who comes to a new file, for its line in the journal; NULL where nobody does.
_ASSIGNED: Final = sql.SQL("(SELECT string_agg(email, ', ') FROM jsonb_array_elements_text(r.assignees) AS email)")


def span(job: ImportJob, *, first: int, last: int) -> sql.Composed:
    """The rows of these lines of the sheet that are not applied yet."""
    return sql.SQL("r.job_id = {} AND r.number BETWEEN {} AND {} AND NOT r.applied").format(
        sql.Literal(job.pk), sql.Literal(first), sql.Literal(last)
    )


def insert_clients(job: ImportJob, span: sql.Composable) -> sql.Composed:
    """A SIREN that somebody opened in the meantime is left alone; `leave_lost` follows."""
    blank = Client(firm_id=job.firm_id, created_by_id=job.created_by_id)
    values = {
        name: sql.SQL("coalesce(r.values ->> {}, {})").format(sql.Literal(name), sql.Literal(getattr(blank, name)))
        for name in EDITABLE
    }
    source = sql.SQL("{} ORDER BY r.siren ON CONFLICT DO NOTHING").format(_written(RowAction.CREATE, span))
    return insert_from(blank, {"id": sql.SQL("r.client_id"), "search": sql.SQL("r.search"), **values}, source)


def leave_lost(span: sql.Composable, reasons: sql.Composable) -> sql.Composed:
    """The rows whose file was not made."""
    return sql.SQL(
        "UPDATE clients_importrow r SET applied = true, client_id = NULL, reasons = {}"
        " WHERE {} AND r.action = 'create' AND NOT EXISTS (SELECT FROM clients_client c WHERE c.id = r.client_id)"
    ).format(reasons, span)


def updated(span: sql.Composable, locked: list[UUID], fields: Collection[str]) -> sql.Composed:
    """For each of these clients that is as the dry run showed: row, id, version to be, words to search.

    `fields` are those that any row of the import changes.
    """
    words = sql.SQL(", ").join(_new(name) if name in fields else _client(name) for name in SEARCHED)
    as_shown = sql.SQL(" AND ").join(
        [sql.SQL("true")]
        + [sql.SQL("coalesce({old}, {now}) = {now}").format(old=_change(n, 0), now=_client(n)) for n in fields]
    )
    return sql.SQL(
        "SELECT r.id, c.id, c.version + 1, concat_ws(' ', {words})"
        " FROM clients_importrow r JOIN clients_client c ON c.firm_id = r.firm_id AND c.siren = r.siren"
        " WHERE {span} AND r.action = 'update' AND c.id = ANY({locked}) AND {as_shown}"
    ).format(words=words, span=span, locked=sql.Literal(locked), as_shown=as_shown)


def update_clients(span: sql.Composable, fields: Collection[str]) -> sql.Composed:
    values = [sql.SQL("{} = {}").format(sql.Identifier(name), _new(name)) for name in fields]
    values += [sql.SQL("search = file.search, version = file.version, updated_at = {}").format(timezone.now())]
    return sql.SQL("UPDATE clients_client c SET {values} {written} AND c.id = file.client_id").format(
        values=sql.SQL(", ").join(values), written=_written(RowAction.UPDATE, span)
    )


def insert_assignments(
    job: ImportJob, span: sql.Composable, action: RowAction, members: Mapping[str, UUID]
) -> sql.Composed:
    known = sql.SQL(", ").join(
        sql.SQL("({}, {})").format(sql.Literal(email), sql.Literal(member)) for email, member in members.items()
    )
    source = sql.SQL(
        "FROM (SELECT file.client_id, r.assignees {written}) AS written"
        " CROSS JOIN LATERAL jsonb_array_elements_text(written.assignees) AS wanted (email)"
        " JOIN (VALUES {known}) AS known (email, member) ON known.email = wanted.email ON CONFLICT DO NOTHING"
    ).format(written=_written(action, span), known=known)
    expressions = {
        "id": random_uuid(),
        "client_id": sql.SQL("written.client_id"),
        "membership_id": sql.SQL("known.member"),
    }
    return insert_from(ClientAssignment(firm_id=job.firm_id), expressions, source)


def journal_lines(job: ImportJob, span: sql.Composable, action: RowAction) -> sql.Composed:
    """What `record_found` asks for: each client with the file's name and, of an update, what it changed."""
    data: dict[str, Any] = {"source": sql.Literal(job.file_name)}
    if action == RowAction.UPDATE:
        data["changes"] = sql.SQL("r.changes")
    elif assigns(job):
        data["collaborators"] = _ASSIGNED
    pairs = sql.SQL(", ").join(sql.SQL("{}, {}").format(sql.Literal(name), value) for name, value in data.items())
    said = sql.SQL("jsonb_build_object({})").format(pairs)
    if "collaborators" in data:
        said = sql.SQL("jsonb_strip_nulls({})").format(said)
    return sql.SQL("SELECT file.client_id, r.name, {said} {written} ORDER BY r.number").format(
        said=said, written=_written(action, span)
    )


def mark_done(span: sql.Composable, action: RowAction) -> sql.Composed:
    if action == RowAction.CREATE:
        return sql.SQL(
            "UPDATE clients_importrow r SET applied = true, client_version = 1 WHERE {} AND r.action = 'create'"
        ).format(span)
    return sql.SQL(
        "UPDATE clients_importrow r SET applied = true, client_id = file.client_id, client_version = file.version"
        " FROM import_chunk file WHERE r.id = file.row_id AND {}"
    ).format(span)


def _written(action: RowAction, span: sql.Composable) -> sql.Composed:
    return _WRITTEN[action].format(span)


def _change(name: str, side: int) -> sql.Composed:
    """The value before (0) or after (1), NULL where the row does not change this field."""
    return sql.SQL("(r.changes -> {} ->> {})").format(sql.Literal(name), sql.Literal(side))


def _new(name: str) -> sql.Composed:
    return sql.SQL("coalesce({}, {})").format(_change(name, 1), _client(name))


def _client(name: str) -> sql.Composed:
    return sql.SQL("c.{}").format(sql.Identifier(name))
