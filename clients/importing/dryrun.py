"""The dry run of an import job: its file is read and each row's fate is written down, nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.db.transaction import atomic
from django.utils import timezone

from clients.enums import ImportState, RowAction
from clients.importing.columns.header import ColumnGuess, Header, MappingNeeded, find_header, header_from_mapping
from clients.importing.directory import Directory, assignable_by_email
from clients.importing.fingerprint import directory_fingerprint
from clients.importing.plan import BATCH, COLLABORATORS, ClientValues, PlanCounts, batches, plan_rows
from clients.importing.rows import row_writer
from clients.importing.sources import Sheet, SheetRefused, SourceKind, open_source
from clients.importing.workbooks import header_texts
from clients.models import ImportJob, ImportRow, ImportWording
from clients.permissions import can_assign
from common import vault
from common.collector import collector_paused


def dry_run(job: ImportJob) -> None:
    """
    Plan the job's rows inside the firm's tenant, in the caller's transaction; sets the job's state, does not save it.

    Ends « À confirmer », « Colonnes à préciser » or « Refusé » with its reason.
    """
    ImportRow.objects.filter(job=job).delete()
    kind = SourceKind.JEDECLARE if job.names_its_columns else SourceKind.SPREADSHEET
    try:
        # What could be read of a file that turns out to be refused is not kept.
        with atomic(), vault.as_local_file(job.stored_as) as path, open_source(path, kind=kind) as sheets:
            _plan(job, _header(job, sheets))
    except SheetRefused as refusal:
        job.state, job.reason, job.finished_at = ImportState.REFUSED, refusal.reason, timezone.now()
    except MappingNeeded as needed:
        job.state, job.reason = ImportState.MAPPING, needed.reason
        job.sample = _sample(needed.sheet, needed.header_row, needed.columns)
    else:
        job.state, job.reason = ImportState.READY, ""


def _header(job: ImportJob, sheets: list[Sheet]) -> Header:
    if job.names_its_columns:
        return find_header(sheets)
    chosen = job.chosen_columns
    if not chosen:
        remembered = dict(ImportWording.objects.filter(firm=job.firm_id).values_list("key", "field"))
        return find_header(sheets, remembered=remembered)
    sheet = next((sheet for sheet in sheets if sheet.name == chosen["sheet"]), None)
    if sheet is None:
        raise SheetRefused("La feuille choisie n'est plus dans ce fichier.")
    try:
        return header_from_mapping(sheet, header_row=chosen["header_row"], columns=chosen["columns"])
    except ValueError as error:
        raise SheetRefused(str(error)) from error


def _sample(sheet: Sheet, header_row: int, columns: Iterable[ColumnGuess]) -> dict[str, Any]:
    """What the mapping page shows."""
    return {"sheet": sheet.name, "header_row": header_row, "columns_found": [asdict(column) for column in columns]}


def _plan(job: ImportJob, header: Header) -> None:
    member = job.created_by
    # First: what changes in the directory from now on is noticed when the import is confirmed.
    job.fingerprint = directory_fingerprint(job.firm_id)
    read = header if can_assign(member) else _without_collaborators(header)
    assigns = COLLABORATORS in read.columns
    directory = Directory(member, collaborators=assigns)
    collaborators = assignable_by_email(job.firm_id) if assigns else None
    counts = PlanCounts()
    with collector_paused(), row_writer(job) as writer:

        def find(sirens: Sequence[str]) -> Mapping[str, ClientValues | None]:
            writer.settle()
            return directory.find(sirens)

        for rows in batches(plan_rows(read, find=find, collaborators=collaborators), BATCH):
            counts.add(rows)
            writer.write(rows)
    _note(job, header, counts)
    job.columns = read.letters


def _without_collaborators(header: Header) -> Header:
    """The column of a person who assigns nobody is not read; it stays what the firm calls it."""
    return replace(header, columns={name: index for name, index in header.columns.items() if name != COLLABORATORS})


def _note(job: ImportJob, header: Header, counts: PlanCounts) -> None:
    job.sheet, job.header_row = (header.sheet.name or "")[:255], header.number
    # The mapping page can be opened again, and a rejected row goes back under its own header.
    job.sample = _sample(header.sheet, header.number, header.guesses())
    job.sample |= {"header": header_texts(header), "remembered": not job.chosen_columns and header.is_remembered}
    job.sample |= {"warned": counts.warned, "changed": dict(counts.changed_fields)}
    job.counts = {action.value: counts.actions[action] for action in RowAction}
    job.rows_to_apply = counts.actions[RowAction.CREATE] + counts.actions[RowAction.UPDATE]
    job.rows_applied = 0
