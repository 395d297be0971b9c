"""The dry run of an import job: its file is read and each row's fate is written down, nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.utils import timezone

from clients.enums import ImportSource, ImportState, RowAction
from clients.importing.columns.header import ColumnGuess, Header, MappingNeeded, find_header, header_from_mapping
from clients.importing.columns.registry import LABELS
from clients.importing.fingerprint import directory_fingerprint
from clients.importing.plan import COLLABORATORS, ClientValues, PlanCounts, PlannedRow, plan_rows
from clients.importing.sources import Sheet, SheetRefused, SourceKind, open_source
from clients.importing.workbooks import header_texts
from clients.models import Client, ClientAssignment, ImportJob, ImportRow, ImportWording
from clients.permissions import can_assign
from clients.selectors import clients_visible_to
from common import vault
from firms.models import Membership
from firms.selectors import members_of

_BATCH = 2000
_FIELDS = [name for name in LABELS if name != COLLABORATORS]
_HIDDEN = (
    "Un dossier existe déjà pour ce SIREN dans le cabinet, mais il ne vous est pas affecté : "
    "demandez à un administrateur."
)


def dry_run(job: ImportJob) -> None:
    """
    Plan the job's rows inside the firm's tenant, in the caller's transaction; sets the job's state, does not save it.

    Ends « À confirmer », « Colonnes à préciser » or « Refusé » with its reason.
    """
    ImportRow.objects.filter(job=job).delete()
    kind = SourceKind.JEDECLARE if job.source == ImportSource.JEDECLARE else SourceKind.SPREADSHEET
    try:
        with vault.as_local_file(job.stored_as) as path, open_source(path, kind=kind) as sheets:
            _plan(job, _header(job, sheets))
    except SheetRefused as refusal:
        job.state, job.reason, job.finished_at = ImportState.REFUSED, refusal.reason, timezone.now()
    except MappingNeeded as needed:
        job.state, job.reason = ImportState.MAPPING, needed.reason
        job.sample = _sample(needed.sheet, needed.header_row, needed.columns)
    else:
        job.state, job.reason = ImportState.READY, ""


def _header(job: ImportJob, sheets: list[Sheet]) -> Header:
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
    visible = _current_values(member)
    hidden = set(Client.objects.filter(firm=job.firm_id).values_list("siren", flat=True)) - visible.keys()
    collaborators = {m.user.contact_email.lower() for m in members_of(member) if m.user.contact_email}
    if not can_assign(member):
        collaborators &= {member.user.contact_email.lower()}
    counts = PlanCounts()
    planned = _counted(plan_rows(header, visible, collaborators=collaborators), hidden, counts)
    for rows in _batches(planned):
        ImportRow.objects.bulk_create(_row(job, row) for row in rows)
    job.sheet, job.header_row, job.columns = (header.sheet.name or "")[:255], header.number, header.letters
    # The mapping page can be opened again, and a rejected row goes back under its own header.
    job.sample = _sample(header.sheet, header.number, header.guesses())
    job.sample |= {"header": header_texts(header), "remembered": not job.chosen_columns and header.is_remembered}
    job.sample |= {"warned": counts.warned, "changed": dict(counts.changed_fields)}
    job.counts = {action.value: counts.actions[action] for action in RowAction}
    job.rows_to_apply = counts.actions[RowAction.CREATE] + counts.actions[RowAction.UPDATE]
    job.rows_applied = 0
    job.fingerprint = directory_fingerprint(job.firm_id)


def _current_values(member: Membership) -> dict[str, ClientValues]:
    """SIREN → the present values of each client file that the importing member sees."""
    assigned: dict[Any, list[str]] = {}
    for client_id, email in ClientAssignment.objects.filter(firm=member.firm_id).values_list(
        "client_id", "membership__user__contact_email"
    ):
        assigned.setdefault(client_id, []).append(email.lower())
    found: dict[str, ClientValues] = {}
    for values in clients_visible_to(member).values("pk", *_FIELDS):
        current: ClientValues = {
            **{name: values[name] for name in _FIELDS},
            COLLABORATORS: tuple(assigned.get(values["pk"], ())),
        }
        found[values["siren"]] = current
    return found


def _counted(rows: Iterable[PlannedRow], hidden: set[str], counts: PlanCounts) -> Iterator[PlannedRow]:
    for row in rows:
        if row.action == RowAction.CREATE and row.siren in hidden:
            row.action, row.reasons = RowAction.REJECT, (_HIDDEN,)
        counts.add(row)
        yield row


def _batches(rows: Iterator[PlannedRow]) -> Iterator[list[PlannedRow]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _row(job: ImportJob, row: PlannedRow) -> ImportRow:
    rejected = row.action == RowAction.REJECT
    values = dict(row.values)
    assignees = values.pop(COLLABORATORS, ())
    return ImportRow(
        firm_id=job.firm_id,
        job=job,
        number=row.number,
        action=row.action,
        name=row.name[:200],
        siren=(row.siren or "")[:20],
        values={} if rejected else values,
        changes={change.field: [_shown(change.old), _shown(change.new)] for change in row.changes},
        reasons=list(row.reasons),
        warnings=list(row.warnings),
        assignees=list(assignees),
        # Only what the error workbook gives back.
        cells=list(row.cells) if rejected else [],
    )


def _shown(value: str | tuple[str, ...]) -> str:
    return ", ".join(value) if isinstance(value, tuple) else value
