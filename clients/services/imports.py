"""An import from the person's side: started, its columns chosen, confirmed, given up. The worker's is importing/."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from clients.enums import ImportSource, ImportState
from clients.importing.fingerprint import directory_fingerprint
from clients.models import ImportJob
from clients.permissions import can_import_clients
from common import vault
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from common.work import LEASE, wake
from firms.models import Membership


class ImportStateError(ValueError):
    """The import is not where this act needs it; the message says so, in French."""


def start_import(actor: Membership, *, source: ImportSource, file_name: str, chunks: Iterable[bytes]) -> ImportJob:
    """Keep the file and wake a worker for the dry run. Nothing is written to the directory."""
    require(can_import_clients(actor), "Vous ne pouvez pas importer de clients.")
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
    """Go on with the columns that a person chose (field → index). Raises ImportStateError."""
    with tenant(firm=actor.firm_id):
        locked = _lock(job, ImportState.MAPPING)
        _requeue(locked, chosen_columns={**locked.sample, "columns": dict(columns)})


def confirm_import(actor: Membership, *, job: ImportJob) -> bool:
    """
    Apply exactly what the dry run showed. False when the directory has changed since: it is read and shown again.

    Raises ImportStateError when the import is not waiting for it.
    """
    with tenant(firm=actor.firm_id):
        locked = _lock(job, ImportState.READY)
        if locked.fingerprint != directory_fingerprint(locked.firm_id):
            _requeue(locked, stale=True)
            return False
        now = timezone.now()
        locked.state, locked.confirmed_at, locked.started_at = ImportState.APPLYING, now, now
        locked.attempts, locked.wake_at = 0, now + LEASE
        locked.save(update_fields=["state", "confirmed_at", "started_at", "attempts", "wake_at"])
        record(actor, "import.confirmed", locked, counts=locked.counts)
        wake(locked)
    return True


def cancel_import(actor: Membership, *, job: ImportJob) -> None:
    """Give up an import that has written nothing."""
    with tenant(firm=actor.firm_id):
        locked = _lock(job, ImportState.READY, ImportState.MAPPING, ImportState.QUEUED)
        locked.state, locked.wake_at, locked.finished_at = ImportState.CANCELLED, None, timezone.now()
        locked.save(update_fields=["state", "wake_at", "finished_at"])
        record(actor, "import.cancelled", locked)


def _lock(job: ImportJob, *states: ImportState) -> ImportJob:
    locked = ImportJob.objects.select_for_update().get(pk=job.pk)
    if locked.state not in states:
        raise ImportStateError(f"Cet import est déjà « {locked.get_state_display()} ».")
    return locked


def _requeue(job: ImportJob, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(job, name, value)
    job.state, job.attempts, job.wake_at = ImportState.QUEUED, 0, timezone.now() + LEASE
    job.save(update_fields=["state", "attempts", "wake_at", *fields])
    wake(job)
