"""What the act does to one chunk, each step one statement: rows of the sheet join `import_chunk`, those that are done.

Each statement repeats which rows the chunk is about: PostgreSQL, which has no statistics of what was written a moment
ago, would read all of the import's rows otherwise.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from psycopg import sql

from clients.enums import RowAction
from clients.models import Client, ClientAssignment, ImportJob
from clients.services.files import EDITABLE, SEARCHED
from common.bulk import insert_from

# Keys: without statistics a join may read either side for each row of the other.
CHUNK: Final = "import_chunk"
CHUNK_COLUMNS: Final = {"row_id": "bigint PRIMARY KEY", "client_id": "uuid", "version": "integer", "search": "text"}
LOCKED: Final = "import_locked"
LOCKED_COLUMNS: Final = {"client_id": "uuid PRIMARY KEY"}
_JOINED: Final = sql.SQL("FROM import_chunk chunk JOIN clients_importrow r ON r.id = chunk.row_id AND {}")


def span(job: ImportJob, *, first: int, last: int) -> sql.Composed:
    """The rows of these lines of the sheet that are not applied yet."""
    return sql.SQL("r.job_id = {} AND r.number BETWEEN {} AND {} AND NOT r.applied").format(
        sql.Literal(job.pk), sql.Literal(first), sql.Literal(last)
    )


def created(span: sql.Composable) -> sql.Composed:
    """For each new client: row, id, version, words to search."""
    words = sql.SQL(", ").join(_value("values", name) for name in SEARCHED)
    return sql.SQL(
        "SELECT r.id, gen_random_uuid(), 1, concat_ws(' ', {words}) FROM clients_importrow r"
        " WHERE {span} AND r.action = {create}"
    ).format(words=words, span=span, create=sql.Literal(RowAction.CREATE.value))


def updated(span: sql.Composable) -> sql.Composed:
    """For each client of `import_locked` that is as the dry run showed: row, id, version to be, words to search."""
    words = sql.SQL(", ").join(map(_new, SEARCHED))
    as_shown = sql.SQL(" AND ").join(
        sql.SQL("coalesce({old}, {now}) = {now}").format(old=_change(name, 0), now=_client(name)) for name in EDITABLE
    )
    return sql.SQL(
        "SELECT r.id, c.id, c.version + 1, concat_ws(' ', {words})"
        " FROM clients_importrow r JOIN clients_client c ON c.firm_id = r.firm_id AND c.siren = r.siren"
        " JOIN import_locked locked ON locked.client_id = c.id WHERE {span} AND r.action = {update} AND {as_shown}"
    ).format(
        words=words,
        span=span,
        update=sql.Literal(RowAction.UPDATE.value),
        as_shown=as_shown,
    )


def insert_clients(job: ImportJob, span: sql.Composable) -> sql.Composed:
    """A SIREN that somebody opened in the meantime is left alone; `forget_lost` follows."""
    blank = Client(firm_id=job.firm_id, created_by_id=job.created_by_id)
    values = {
        name: sql.SQL("coalesce({}, {})").format(_value("values", name), sql.Literal(getattr(blank, name)))
        for name in EDITABLE
    }
    source = sql.SQL("{} WHERE r.action = {} ORDER BY r.siren ON CONFLICT DO NOTHING")
    return insert_from(
        blank,
        {"id": sql.SQL("chunk.client_id"), "search": sql.SQL("chunk.search"), **values},
        source.format(_JOINED.format(span), sql.Literal(RowAction.CREATE.value)),
    )


def forget_lost() -> sql.Composable:
    return sql.SQL(
        "DELETE FROM import_chunk chunk WHERE NOT EXISTS (SELECT FROM clients_client c WHERE c.id = chunk.client_id)"
    )


def update_clients(span: sql.Composable) -> sql.Composed:
    values = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), _new(name)) for name in EDITABLE if name != "siren"
    )
    return sql.SQL(
        "UPDATE clients_client c SET {values}, search = chunk.search, version = chunk.version, updated_at = {now}"
        " {joined} WHERE c.id = chunk.client_id AND r.action = {update}"
    ).format(
        values=values,
        now=sql.Literal(timezone.now()),
        joined=_JOINED.format(span),
        update=sql.Literal(RowAction.UPDATE.value),
    )


def insert_assignments(job: ImportJob, span: sql.Composable, members: Mapping[str, UUID]) -> sql.Composed:
    known = sql.SQL(", ").join(
        sql.SQL("({}, {})").format(sql.Literal(email), sql.Literal(member)) for email, member in members.items()
    )
    source = sql.SQL(
        "{joined} CROSS JOIN LATERAL jsonb_array_elements_text(r.assignees) AS wanted (email)"
        " JOIN (VALUES {known}) AS known (email, member) ON known.email = wanted.email ON CONFLICT DO NOTHING"
    ).format(joined=_JOINED.format(span), known=known)
    expressions = {
        "id": sql.SQL("gen_random_uuid()"),
        "client_id": sql.SQL("chunk.client_id"),
        "membership_id": sql.SQL("known.member"),
    }
    return insert_from(ClientAssignment(firm_id=job.firm_id), expressions, source)


def journal_lines(job: ImportJob, span: sql.Composable, action: RowAction) -> sql.Composed:
    """What `record_found` asks for: each client with the file's name and, of an update, what it changed."""
    data: dict[str, Any] = {"source": sql.Literal(job.file_name)}
    if action == RowAction.UPDATE:
        data["changes"] = sql.SQL("r.changes")
    pairs = sql.SQL(", ").join(sql.SQL("{}, {}").format(sql.Literal(name), value) for name, value in data.items())
    return sql.SQL(
        "SELECT c.id, c.name, jsonb_build_object({pairs}) {joined} JOIN clients_client c ON c.id = chunk.client_id"
        " WHERE r.action = {action} ORDER BY r.number"
    ).format(pairs=pairs, joined=_JOINED.format(span), action=sql.Literal(action.value))


def mark_done(span: sql.Composable) -> sql.Composed:
    return sql.SQL(
        "UPDATE clients_importrow r SET applied = true, client_id = chunk.client_id, client_version = chunk.version"
        " FROM import_chunk chunk WHERE r.id = chunk.row_id AND {}"
    ).format(span)


def _value(column: str, name: str) -> sql.Composed:
    return sql.SQL("r.{} ->> {}").format(sql.Identifier(column), sql.Literal(name))


def _change(name: str, side: int) -> sql.Composed:
    """The value before (0) or after (1), NULL where the row does not change this field."""
    return sql.SQL("(r.changes -> {} ->> {})").format(sql.Literal(name), sql.Literal(side))


def _new(name: str) -> sql.Composed:
    return sql.SQL("coalesce({}, {})").format(_change(name, 1), _client(name))


def _client(name: str) -> sql.Composed:
    return sql.SQL("c.{}").format(sql.Identifier(name))
