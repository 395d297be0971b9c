"""
Work to do is a row: this module says when to look at it again, and wakes a worker for it.

A row with `wake_at` in the past wants a worker. Redis only carries « look at row X »: when it loses the message, or
the worker dies, the sweeper sends another one. A worker claims the row with FOR UPDATE SKIP LOCKED, so a message
too many finds it locked or finished and does nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol, Self, TypeVar
from uuid import UUID, uuid4

import structlog
from celery import current_app
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

#: How long a worker has, after it was woken, before the sweeper wakes another: longer than any one transaction.
LEASE = timedelta(seconds=20)
#: Rows that one sweep wakes per table; the next sweep, seconds later, goes on.
SWEEP_LIMIT = 200


class WorkItem(models.Model):
    """A row that a worker must handle; `wake_at` is null once there is nothing left to do."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    wake_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    #: Name of the Celery task that handles one row, given its id.
    wake_task: ClassVar[str]
    #: Whether that task goes on to all other rows that are due. A transaction then wakes one worker, however many rows
    #: it leaves, and so does the sweeper, which leases none.
    wakes_all: ClassVar[bool] = False

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["wake_at"], name="%(class)s_due", condition=models.Q(wake_at__isnull=False))
        ]

    @classmethod
    def claim(cls, pk: UUID) -> Self | None:
        """Lock the row for the running transaction; None when another worker has it, or nothing is left to do."""
        return (
            cls._default_manager.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=pk, wake_at__isnull=False)
            .first()
        )


Work = TypeVar("Work", bound=WorkItem)


@dataclass(frozen=True)
class _Wake:
    task: str
    pk: str

    def __call__(self) -> None:
        send(self.task, self.pk)


def wake(item: WorkItem) -> None:
    """Send a worker to `item` when the running transaction commits; the row itself must say `wake_at`."""
    wanted = _Wake(item.wake_task, str(item.pk))
    # What waits for the commit; a savepoint that is rolled back takes its own with it.
    waiting = [function for _, function, _ in transaction.get_connection().run_on_commit]
    if not (item.wakes_all and any(isinstance(each, _Wake) and each.task == wanted.task for each in waiting)):
        transaction.on_commit(wanted)


def send(task: str, pk: str) -> None:
    """Wake a worker now. A Redis that is away is no error: the sweeper will find the row."""
    try:
        current_app.send_task(task, args=[pk])
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("work.wake_failed", task=task, pk=pk, error=type(error).__name__)


def begin_attempt(item: WorkItem, *, now: datetime | None = None) -> None:
    """Count the attempt and give it its lease; saved by itself, so that an attempt that kills its worker counts."""
    item.attempts += 1
    item.wake_at = (now or timezone.now()) + LEASE
    item.save(update_fields=["attempts", "wake_at"])


class NoteFailure(Protocol):
    """Says on the row why the attempt failed, and when it is tried again."""

    def __call__(self, pk: UUID, /, *, error: str) -> None: ...


@contextmanager
def failure_noted(pk: str, note: NoteFailure, *, work: str) -> Iterator[None]:
    """Around an attempt, in its task: whatever it raises is logged and told to `note`."""
    try:
        yield
    except Exception as error:  # of the storage, the database or a partner's service: each has errors of its own
        logger.exception("work.attempt_failed", work=work, pk=pk)
        note(UUID(pk), error=f"{type(error).__name__}: {error}")


def retry_delay(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s… at most one hour."""
    return min(timedelta(seconds=5 * 2 ** max(attempts - 1, 0)), timedelta(hours=1))


def put_off(item: WorkItem, *, error: str) -> None:
    """An attempt broke: why stands on the row, and when the next one is."""
    item.last_error, item.wake_at = error, timezone.now() + retry_delay(item.attempts)
    item.save(update_fields=["last_error", "wake_at"])


def due_work() -> dict[str, list[UUID]]:
    """
    Ids of the rows that want a worker, by task name; each is given a new lease, unless one row's task handles all.

    Needs a platform context.
    """
    now = timezone.now()
    found: dict[str, list[UUID]] = {}
    for model in apps.get_models():
        if issubclass(model, WorkItem):
            due = model._default_manager.filter(wake_at__lte=now).select_for_update(skip_locked=True)
            limit = 1 if model.wakes_all else SWEEP_LIMIT
            ids = list(due.order_by("wake_at").values_list("pk", flat=True)[:limit])
            if not model.wakes_all:
                model._default_manager.filter(pk__in=ids).update(wake_at=now + LEASE)
            found[model.wake_task] = ids
    return found
