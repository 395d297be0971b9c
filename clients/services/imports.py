"""An import from the person's side: started, its columns chosen, confirmed, given up, undone; not the worker's."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from clients.enums import ImportSource, ImportState
from clients.importing.columns.matching import LONGEST_HEADER, header_key
from clients.importing.fingerprint import directory_fingerprint
from clients.models import ImportJob, ImportWording
from clients.permissions import can_import_clients
from clients.selectors import rows_to_undo
from common import vault
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from common.typography import french
from common.work import LEASE, wake
from firms.models import Membership

_REFUSED = "Vous ne pouvez pas importer de clients."
_CONFIRMED = (ImportState.APPLYING, ImportState.DONE)
_READ_AGAIN = (ImportState.QUEUED, ImportState.READING)
_UNDONE = (ImportState.UNDOING, ImportState.UNDONE)


class ImportStateError(ValueError):
    """The import is not where this act needs it; the message says so, in French."""


def start_import(actor: Membership, *, source: ImportSource, file_name: str, chunks: Iterable[bytes]) -> ImportJob:
    """Keep the file and wake a worker for the dry run. Nothing is written to the directory."""
    require(can_import_clients(actor), _REFUSED)
    stored = vault.keep(chunks, folder="imports")
    with tenant(firm=actor.firm_id):
        job = ImportJob.objects.create(
            firm_id=actor.firm_id,
            created_by=actor,
            source=source,
            file_name=file_name[-255:],
            stored_as=stored.name,
            size=stored.size,
            wake_at=timezone.now() + LEASE,
        )
        record(actor, "import.started", job, source=source)
        wake(job)
    return job


def choose_columns(actor: Membership, *, job: ImportJob, columns: Mapping[str, int]) -> None:
    """
    Read the file again with the columns that a person chose (field → index), and remember them for the firm.

    As long as nothing was written. Raises ImportStateError.
    """
    with tenant(firm=actor.firm_id):
        locked = _lock(actor, job, ImportState.MAPPING, ImportState.READY)
        if locked.names_its_columns:
            raise ImportStateError("Les colonnes de jedeclare.com ne se choisissent pas.")
        _remember(locked, columns)
        where = {name: locked.sample[name] for name in ("sheet", "header_row")}
        _begin(locked, ImportState.QUEUED, chosen_columns={**where, "columns": dict(columns)})


def confirm_import(actor: Membership, *, job: ImportJob) -> bool:
    """
    Apply exactly what `job`, as the caller read it, showed. False when it has to be shown again: the directory has
    changed since, or the file was read once more.

    Confirming twice is harmless. Raises ImportStateError when the import is not waiting for it.
    """
    with tenant(firm=actor.firm_id):
        locked = _lock(actor, job, ImportState.READY, *_CONFIRMED, *_READ_AGAIN)
        if locked.state in _CONFIRMED:
            return True
        if locked.state in _READ_AGAIN or locked.shown != job.shown:
            return False
        if locked.fingerprint != directory_fingerprint(locked.firm_id):
            _begin(locked, ImportState.QUEUED, stale=True)
            return False
        _begin(locked, ImportState.APPLYING, confirmed_at=timezone.now())
        record(actor, "import.confirmed", locked, counts=locked.counts)
    return True


def cancel_import(actor: Membership, *, job: ImportJob) -> None:
    """« Abandonner » an import that has written nothing. Doing it twice is harmless. Raises ImportStateError."""
    with tenant(firm=actor.firm_id):
        locked = _lock(actor, job, ImportState.READY, ImportState.MAPPING, ImportState.QUEUED, ImportState.CANCELLED)
        if locked.state == ImportState.CANCELLED:
            return
        _save(locked, state=ImportState.CANCELLED, wake_at=None, finished_at=timezone.now())
        record(actor, "import.cancelled", locked)


def undo_import(actor: Membership, *, job: ImportJob) -> None:
    """« Annuler cet import », where nothing was built on it. Doing it twice is harmless. Raises ImportStateError."""
    with tenant(firm=actor.firm_id):
        locked = _lock(actor, job, ImportState.DONE, *_UNDONE)
        if locked.state in _UNDONE:
            return
        _begin(locked, ImportState.UNDOING, undone_by=actor, rows_to_undo=rows_to_undo(locked).count())
        record(actor, "import.undo_started", locked)


def _lock(actor: Membership, job: ImportJob, *states: ImportState) -> ImportJob:
    require(can_import_clients(actor), _REFUSED)
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.state not in states:
        raise ImportStateError(french(f"Cet import est déjà « {locked.get_state_display()} »."))
    return locked


def _begin(job: ImportJob, state: ImportState, **fields: Any) -> None:
    """Hand the job to a worker, for what a person has just asked."""
    now = timezone.now()
    _save(job, state=state, started_at=now, attempts=0, wake_at=now + LEASE, **fields)
    wake(job)


def _save(job: ImportJob, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=list(fields))


def _remember(job: ImportJob, columns: Mapping[str, int]) -> None:
    """What the firm's headers mean, for its next file; a header that two columns bear is the one that is used."""
    named = {index: name for name, index in columns.items()}
    wordings: dict[str, str] = {}
    for column in job.sample["columns_found"] if job.sample["header_row"] else ():
        key = header_key(column["text"])
        if key and len(key) <= LONGEST_HEADER:
            wordings[key] = named.get(column["index"]) or wordings.get(key, "")
    ImportWording.objects.bulk_create(
        [ImportWording(firm_id=job.firm_id, key=key, field=name) for key, name in sorted(wordings.items())],
        update_conflicts=True,
        unique_fields=["firm", "key"],
        update_fields=["field"],
    )
