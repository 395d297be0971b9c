"""The worker's side of an import: dry run, act and undoing, each picked up where a worker that died left it."""

from uuid import UUID

import structlog
from django.utils import timezone

from clients.enums import ImportState
from clients.importing.apply import apply_chunk, chunks_left, finish, stop
from clients.importing.dryrun import dry_run
from clients.importing.undo import finish_undo, stop_undo, undo_chunk
from clients.models import ImportJob
from common.lanes import in_two_lanes
from common.tenancy import tenant
from common.work import LEASE, begin_attempt

logger = structlog.get_logger(__name__)

#: A file that ended its worker this often is refused.
MAX_ATTEMPTS = 5
#: An act that was begun this often, whatever ended it, is stopped where it stands.
MAX_ACTS = 50
_GIVEN_UP = "Ce fichier n'a pas pu être lu jusqu'au bout. Rien n'a été importé ; l'assistance peut l'examiner."


def run_import(job_id: UUID) -> None:
    """Do what the import needs next. Running it twice, or killing it at any line, does no harm."""
    with tenant(platform="a worker learns which firm an import belongs to"):
        job = ImportJob.claim(job_id)
        if job is None:
            return
        begin_attempt(job)
        firm_id = job.firm_id
        if job.state == ImportState.QUEUED:
            job.state = ImportState.READING
            job.save(update_fields=["state"])
    if job.state == ImportState.READING:
        _read(firm_id, job_id)
    elif job.state == ImportState.APPLYING:
        _apply(firm_id, job_id)
    elif job.state == ImportState.UNDOING:
        while _undo_next(firm_id, job_id):
            pass


def _read(firm_id: UUID, job_id: UUID) -> None:
    with tenant(firm=firm_id):
        job = _claim(job_id, ImportState.READING)
        if job is None:
            return
        if job.attempts > MAX_ATTEMPTS:
            job.state, job.reason = ImportState.REFUSED, _GIVEN_UP
        else:
            dry_run(job)
        job.wake_at = None
        job.save()


def _apply(firm_id: UUID, job_id: UUID) -> None:
    """The chunks that are left, two at a time, then the end where no other worker is at one."""
    with tenant(firm=firm_id):
        job = _claim(job_id, ImportState.APPLYING)
        if job is None:
            return
        if job.attempts > MAX_ACTS:
            stop(job)
            job.save()
            return
        chunks = chunks_left(job)

    def apply(first: int) -> None:
        with tenant(firm=firm_id):
            apply_chunk(job, first)

    in_two_lanes(chunks, apply)
    with tenant(firm=firm_id):
        applied = _claim(job_id, ImportState.APPLYING)
        if applied is not None and not chunks_left(applied):
            finish(applied)
            applied.save()


def _undo_next(firm_id: UUID, job_id: UUID) -> bool:
    """One chunk, one transaction with its progress. Whether there is more to do."""
    with tenant(firm=firm_id):
        job = _claim(job_id, ImportState.UNDOING)
        if job is None:
            return False
        handled = 0
        if job.attempts > MAX_ACTS:
            stop_undo(job)
        elif (handled := undo_chunk(job)) == 0:
            finish_undo(job)
        else:
            job.wake_at = timezone.now() + LEASE
        job.save()
        return handled > 0


def _claim(job_id: UUID, state: ImportState) -> ImportJob | None:
    job = ImportJob.claim(job_id)
    return job if job is not None and job.state == state else None
