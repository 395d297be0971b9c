"""The act: the rows of a confirmed import go to the directory in chunks, each one transaction with its progress.

Two chunks are under way at once. No row of one is in another, and of two rows with the same SIREN the dry run has
rejected the second: their order says nothing.
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

from clients.enums import ImportState, RowAction
from clients.importing import merge
from clients.importing.directory import assigns, members_by_email
from clients.models import Client, ImportJob, ImportRow
from clients.selectors import clients_visible_to
from clients.services.files import EDITABLE, searched
from common.bulk import among, copy_into, temporary_table
from common.journal import record, record_found
from common.work import LEASE

#: Lines of the sheet that are applied at once.
CHUNK = 5000
_CHANGED = "Le dossier a été modifié entre l'analyse et l'import : il a été laissé tel quel."
_CREATED = "Un dossier a été créé pour ce SIREN entre l'analyse et l'import : il a été laissé tel quel."
_STOPPED = "L'import s'est arrêté avant cette ligne : importez de nouveau le même fichier pour la reprendre."


def chunks_left(job: ImportJob) -> list[int]:
    """The chunks that have rows to apply, each by its first line; on a grid, so that two workers mean the same one."""
    ends = _left(job).aggregate(first=Min("number"), last=Max("number"))
    return [] if ends["first"] is None else list(range(ends["first"] // CHUNK * CHUNK, ends["last"] + 1, CHUNK))


def apply_chunk(job: ImportJob, first: int) -> None:
    """
    Apply the rows of the chunk that begins at this line, inside the firm's tenant and the caller's transaction, and
    count them on the job. Nothing, where another worker is at it.

    A row whose client is no longer as the dry run showed is left alone, with a reason.
    """
    if not _take(job, first):
        return
    last = first + CHUNK - 1
    rows = _left(job).filter(number__range=(first, last))
    span = merge.span(job, first=first, last=last)
    actions = dict(rows.order_by().values_list("action").annotate(Count("pk")))
    skipped = 0
    if created := actions.get(RowAction.CREATE, 0):
        with connection.cursor() as cursor:
            skipped += _create(cursor, job, span, expected=created)
    if RowAction.UPDATE in actions:
        with temporary_table(merge.CHUNK, merge.CHUNK_COLUMNS) as cursor:
            skipped += _update(cursor, job, span, rows.filter(action=RowAction.UPDATE))
    _note_progress(job, handled=sum(actions.values()), skipped=skipped)


def _take(job: ImportJob, first: int) -> bool:
    """Until the end of the transaction; its rows alone would be read twice before either had written them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))", [f"import:{job.pk}", first])
        return bool(cursor.fetchone()[0])


def _note_progress(job: ImportJob, *, handled: int, skipped: int) -> None:
    """Last in the transaction: the other chunk that is under way waits for the job's row until its end."""
    locked = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    _skip(locked, skipped)
    locked.rows_applied += handled
    locked.wake_at = timezone.now() + LEASE
    locked.save(update_fields=["counts", "rows_applied", "wake_at"])


def stop(job: ImportJob) -> None:
    """The act fails each time: what is done stays, what is left says that it is, and the import ends."""
    _skip(job, _left(job).update(applied=True, reasons=[_STOPPED]))
    finish(job)


def finish(job: ImportJob) -> None:
    """No row is left: the import is done."""
    job.state, job.wake_at, job.finished_at = ImportState.DONE, None, timezone.now()
    _skip(job, 0)
    record(job.created_by, "import.done", job, counts=job.counts)


def _skip(job: ImportJob, rows: int) -> None:
    """Count rows that are left as they are."""
    job.counts = {**job.counts, "skipped": job.counts.get("skipped", 0) + rows}


def _left(job: ImportJob) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(job=job, applied=False, action__in=(RowAction.CREATE, RowAction.UPDATE))


def _create(cursor: CursorWrapper, job: ImportJob, span: sql.Composable, *, expected: int) -> int:
    """Returns how many were left alone, as `_update` does."""
    cursor.execute(merge.insert_clients(job, span))
    lost: int = expected - cursor.rowcount
    if lost:
        cursor.execute(merge.leave_lost(span, sql.Literal(Jsonb([_CREATED]))))
    _settle(cursor, job, span, RowAction.CREATE, "client.imported")
    return lost


def _update(cursor: CursorWrapper, job: ImportJob, span: sql.Composable, rows: QuerySet[ImportRow]) -> int:
    # Only what the person who imports still sees: days may lie between the dry run and the act. In the order of
    # their SIRENs, as every import takes its locks.
    visible = clients_visible_to(job.created_by).filter(among("siren", rows.values_list("siren", flat=True)))
    locked = visible.order_by("siren").select_for_update().values_list("pk", flat=True)
    fields = [name for name in EDITABLE if name in job.sample["changed"]]
    cursor.execute(merge.updated(span, list(locked), fields))
    found = [(row, client, version, searched(words)) for row, client, version, words in cursor.fetchall()]
    if found:
        copy_into(cursor, merge.CHUNK, found)
        cursor.execute(merge.update_clients(span, fields))
        _settle(cursor, job, span, RowAction.UPDATE, "client.updated_by_import")
    return rows.update(applied=True, reasons=[_CHANGED])


def _settle(cursor: CursorWrapper, job: ImportJob, span: sql.Composable, action: RowAction, said: str) -> None:
    """What follows for the files that were written: their journal, their assignments, their rows' mark."""
    record_found(job.created_by, said, Client, merge.journal_lines(job, span, action))
    if assigns(job) and (members := members_by_email(job.firm_id)):
        cursor.execute(merge.insert_assignments(job, span, action, members))
    cursor.execute(merge.mark_done(span, action))
