"""Where bytes are kept: random names, hashed while they are written, never changed afterwards."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, cast
from uuid import uuid4

import structlog
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import Error, connection

from common.storages.found import Found

logger = structlog.get_logger(__name__)

_CHUNK = 1 << 20
#: What was kept since `undone_on_error` began.
_kept: ContextVar[list[str] | None] = ContextVar("jefacture_kept", default=None)


class StorageAwayError(OSError):
    """The storage does not answer, or refuses (no such bucket, no right, a full disk): nothing was done."""


class MissingError(FileNotFoundError):
    """The storage does not have what a row names."""


class StillKeptError(RuntimeError):
    """The register of the archive names these bytes: they are not removed."""


@dataclass(frozen=True)
class Stored:
    name: str
    size: int
    sha256: str


@contextmanager
def answering() -> Iterator[None]:
    """Around what asks the storage: each has errors of its own. A file that is not there passes."""
    try:
        yield
    except (StorageAwayError, FileNotFoundError, NotADirectoryError):
        raise
    except _storage().errors as error:
        logger.error("vault.away", error=f"{type(error).__name__}: {error}")  # noqa: TRY400 - told again by who catches it
        raise StorageAwayError("The storage does not answer.") from error


def keep(chunks: Iterable[bytes], *, folder: str) -> Stored:
    """
    Write the bytes under a random name in `folder`, and say how many they are and their SHA-256 (hex).

    Raises StorageAwayError; what comes from `chunks` passes.
    """
    digest = hashlib.sha256()
    size = 0
    with NamedTemporaryFile(prefix="jefacture-") as spool:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            spool.write(chunk)
        spool.seek(0)
        random = uuid4().hex
        with answering():
            name = default_storage.save(f"{folder}/{random[:2]}/{random}", File(spool))
    if (kept := _kept.get()) is not None:
        kept.append(name)
    return Stored(name=name, size=size, sha256=digest.hexdigest())


def keep_bytes(data: bytes, *, folder: str) -> Stored:
    return keep((data,), folder=folder)


@contextmanager
def undone_on_error() -> Iterator[None]:
    """
    Around a transaction that keeps bytes: when it is rolled back by an exception, they go too.

    What was committed before the exception stays, as does what a database that is away cannot tell of.
    """
    names: list[str] = []
    token = _kept.set(names)
    try:
        yield
    except BaseException:
        for name in names:
            _forget_quietly(name)
        raise
    finally:
        _kept.reset(token)
        if (outer := _kept.get()) is not None:
            outer.extend(names)


def _forget_quietly(name: str) -> None:
    try:
        if connection.in_atomic_block:  # what names them goes with the transaction, which may answer no more
            with answering():
                default_storage.delete(name)
        else:
            forget(name)
    except (StorageAwayError, StillKeptError, Error) as error:
        logger.warning("vault.left", name=name, error=type(error).__name__)


def forget(name: str) -> None:
    """
    Remove what was just kept and is not needed after all (the same bytes were there already).

    Raises StillKeptError for what a row of the archive names, StorageAwayError.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT common_is_kept(%s)", [name])
        if cursor.fetchone()[0]:
            raise StillKeptError(name)
    with answering():
        default_storage.delete(name)


def forget_folder(folder: str) -> None:
    """Remove all that was kept in `folder`, and itself where the storage has folders; one file alone is removed too."""
    try:
        with answering():
            folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        folders, files = [], []
    for name in folders:
        forget_folder(f"{folder}/{name}")
    for name in files:
        forget(f"{folder}/{name}")
    with answering():
        default_storage.delete(folder)


def opened(name: str, *, first: int = 0) -> IO[bytes]:
    """The bytes from `first` on, as they come. Raises MissingError, StorageAwayError."""
    try:
        with answering():
            return cast("IO[bytes]", _storage().stream(name, first=first))
    except FileNotFoundError as error:
        raise MissingError(name) from error


def chunks_of(name: str) -> Iterator[bytes]:
    with answering(), opened(name) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def listed(*, after: str = "") -> Iterator[Found]:
    """Everything that the storage holds behind the name `after`, in the order of names, whatever there is of it."""
    with answering():
        yield from _storage().listed(after=after)


@contextmanager
def as_local_file(name: str) -> Iterator[Path]:
    """A path on this machine with the stored bytes, for as long as the block lasts, wherever the storage is."""
    with NamedTemporaryFile(prefix="jefacture-") as local:
        for chunk in chunks_of(name):
            local.write(chunk)
        local.flush()
        yield Path(local.name)


def _storage() -> Any:
    """Ours (common/storages), which can do more than Django asks of one."""
    return default_storage
