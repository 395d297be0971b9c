"""The worker's side of an import: dry run, act and undoing, each picked up where a worker that died left it."""

from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from django.utils import timezone

from clients.enums import ImportState
from clients.importing.apply import apply_chunk, finish, stop
from clients.importing.dryrun import dry_run
from clients.importing.undo import finish_undo, stop_undo, undo_chunk
from clients.models import ImportJob
from common.tenancy import tenant
from common.work import LEASE, begin_attempt

logger = structlog.get_logger(__name__)

#: A file that ended its worker this often is refused.
MAX_ATTEMPTS = 5
#: An act that was begun this often, whatever ended it, is stopped where it stands.
MAX_ACTS = 50
_GIVEN_UP = "Ce fichier n'a pas pu être lu jusqu'au bout. Rien n'a été importé ; l'assistance peut l'examiner."


class _Act(NamedTuple):
    """What is done in chunks: `chunk` says how many rows it handled, then one of the others ends it."""

    chunk: Callable[[ImportJob], int]
    finish: Callable[[ImportJob], None]
    stop: Callable[[ImportJob], None]


_ACTS: Final[dict[str, _Act]] = {
    ImportState.APPLYING: _Act(apply_chunk, finish, stop),
    ImportState.UNDOING: _Act(undo_chunk, finish_undo, stop_undo),
}


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
    elif job.state in _ACTS:
        while _next(firm_id, job_id, job.state):
            pass


def _read(firm_id: UUID, job_id: UUID) -> None:
    with tenant(firm=firm_id):
        job = ImportJob.claim(job_id)
        if job is None or job.state != ImportState.READING:
            return
        if job.attempts > MAX_ATTEMPTS:
            job.state, job.reason = ImportState.REFUSED, _GIVEN_UP
        else:
            dry_run(job)
        job.wake_at = None
        job.save()


def _next(firm_id: UUID, job_id: UUID, state: str) -> bool:
    """One chunk of what `state` is about, one transaction with its progress. Whether there is more to do."""
    act = _ACTS[state]
    with tenant(firm=firm_id):
        job = ImportJob.claim(job_id)
        if job is None or job.state != state:
            return False
        handled = 0
        if job.attempts > MAX_ACTS:
            act.stop(job)
        elif (handled := act.chunk(job)) == 0:
            act.finish(job)
        else:
            job.wake_at = timezone.now() + LEASE
        job.save()
        return handled > 0
