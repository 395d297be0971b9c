"""The life of an archive's row: begun by a person, written by workers slice by slice, emptied after its days."""

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from common import vault
from common.archives.contents import Contents
from common.archives.models import Archive, ArchiveState
from common.archives.slices import LIMITS, Limits, write_slice
from common.tenancy import tenant
from common.work import LEASE, begin_attempt, put_off, wake

#: Attempts in a row that bring an archive no further.
MAX_ATTEMPTS: Final = 5
_RENEW_EVERY: Final = 3.0
#: While a slice goes to the storage, which nothing interrupts.
_STORING: Final = timedelta(minutes=2)
#: A worker that does not know yet that its archive was stopped has ended by then.
_STOPPING: Final = timedelta(minutes=5)
_REMOVED_AT_ONCE: Final = 20

A = TypeVar("A", bound=Archive)


class ExportRunningError(ValueError):
    def __init__(self) -> None:
        super().__init__("Un export est déjà en préparation.")


class _TakenOverError(Exception):
    """The archive was stopped, or another worker goes on with it, for this one seemed dead."""


@dataclass(frozen=True)
class Kind(Generic[A]):
    """What a room says of its archives."""

    model: type[A]
    contents: Callable[[A], Contents]
    #: Called in the transaction, under the archive's tenant, that makes it ready.
    ready: Callable[[A], None]
    #: Called under platform when the bytes of one that was ready go.
    removed: Callable[[A], None] = lambda _archive: None


def begin(kind: Kind[A], archive: A) -> None:
    """Inside the tenant. Raises ExportRunningError where one is under way."""
    archive.stored_as = f"exports/{archive.pk}"
    archive.total = kind.contents(archive).total()
    archive.wake_at = timezone.now() + LEASE
    try:
        with transaction.atomic():
            archive.save(force_insert=True)
    except IntegrityError as error:
        raise ExportRunningError from error
    wake(archive)


def run(kind: Kind[A], pk: UUID, *, limits: Limits = LIMITS) -> None:
    """Write the next slice. Killed at any line, the next attempt writes that slice again."""
    with tenant(platform="a worker learns whose archive it is"):
        archive = kind.model.claim(pk)
        if archive is None:
            return
        begin_attempt(archive)
    if archive.attempts > MAX_ATTEMPTS:
        _fail(archive)
        return
    before = copy.deepcopy(archive)
    try:
        whole = write_slice(archive, kind.contents(archive), limits, progress=_Lease(before))
    except _TakenOverError:
        return
    if not _save(kind, archive, before, whole=whole):
        for name in _names(archive)[len(_names(before)) :]:
            vault.forget(name)


def stop(archive: Archive) -> bool:
    """Inside the tenant: nothing more is written; whether it was under way. What is there goes with the next hour's."""
    with transaction.atomic():
        running = type(archive)._default_manager.select_for_update().filter(pk=archive.pk, state=ArchiveState.RUNNING)
        now = timezone.now()
        return bool(
            running.update(
                state=ArchiveState.STOPPED, wake_at=None, finished_at=now, expires_at=now + _STOPPING, last_error=""
            )
        )


def note_failure(kind: Kind[A], pk: UUID, *, error: str) -> None:
    """A storage or a database that was away: try again later."""
    with tenant(platform="a worker knows an archive by its id alone"):
        archive = kind.model.claim(pk)
        if archive is not None:
            put_off(archive, error=error)


def remove_expired(kind: Kind[A]) -> None:
    """Take away the bytes of archives past their date; the rows stay."""
    while _remove_some(kind) == _REMOVED_AT_ONCE:
        continue


def _remove_some(kind: Kind[A]) -> int:
    """One transaction's worth; how many there were."""
    with tenant(platform="archives are kept for some days only"):
        old = kind.model._default_manager.filter(expires_at__lte=timezone.now()).exclude(stored_as="")
        archives = list(old.select_for_update(skip_locked=True, of=("self",))[:_REMOVED_AT_ONCE])
        for archive in archives:
            vault.forget_folder(archive.stored_as)
            archive.stored_as, archive.parts = "", []
            archive.save(update_fields=["stored_as", "parts"])
            if archive.state == ArchiveState.READY:
                kind.removed(archive)
    return len(archives)


def chunks(archive: Archive) -> Iterator[bytes]:
    """The bytes of one that is ready."""
    for part in archive.parts:
        yield from vault.chunks_of(part["body"])


class _Lease:
    """Tells how far the writing is and keeps the row, every few seconds; the last time for as long as storing takes."""

    def __init__(self, before: Archive) -> None:
        self._before = before
        self._renewed = time.monotonic()

    def __call__(self, done: int, *, storing: bool = False) -> None:
        if storing or time.monotonic() - self._renewed >= _RENEW_EVERY:
            _hold(self._before, done=done, until=_STORING if storing else LEASE)
            self._renewed = time.monotonic()


def _mine(before: Archive) -> Any:
    return type(before)._default_manager.filter(
        pk=before.pk, state=ArchiveState.RUNNING, wake_at__isnull=False, **before.place
    )


def _hold(before: Archive, *, done: int, until: timedelta) -> None:
    with _tenant_of(before):
        if not _mine(before).update(done=done, wake_at=timezone.now() + until):
            raise _TakenOverError


def _save(kind: Kind[A], archive: A, before: A, *, whole: bool) -> bool:
    """The slice counts; False where another worker has come by, or the archive was stopped: that counts."""
    with _tenant_of(before):
        if not _mine(before).select_for_update(of=("self",)).exists():
            return False
        archive.last_error = ""
        if whole:
            _make_ready(archive)
        else:
            archive.attempts, archive.wake_at = 0, timezone.now() + LEASE
            wake(archive)
        archive.save()
        if whole:
            kind.ready(archive)
    return True


def _make_ready(archive: Archive) -> None:
    now = timezone.now()
    archive.state, archive.wake_at = ArchiveState.READY, None
    archive.total = archive.done  # rows that came or went meanwhile
    archive.finished_at, archive.expires_at = now, now + timedelta(days=settings.ARCHIVE_RETENTION_DAYS)


def _fail(archive: Archive) -> None:
    with _tenant_of(archive):
        now = timezone.now()
        archive.state, archive.wake_at, archive.finished_at, archive.expires_at = ArchiveState.FAILED, None, now, now
        archive.save(update_fields=["state", "wake_at", "finished_at", "expires_at"])


def _tenant_of(archive: Archive) -> AbstractContextManager[Any]:
    return tenant(**archive.owner)


def _names(archive: Archive) -> list[str]:
    return [part[name] for part in archive.parts for name in ("body", "index") if name in part]


def named_by_archives(model: type[Archive], names: set[str]) -> set[str]:
    """Those that are parts of an archive of this kind: each has a folder. Called under platform."""
    folders = {name: "/".join(name.split("/")[:2]) for name in names if name.startswith("exports/")}
    if not folders:
        return set()
    known = set(
        model._default_manager.filter(stored_as__in=[*folders.values(), *folders]).values_list("stored_as", flat=True)
    )
    return {name for name, folder in folders.items() if folder in known or name in known}
