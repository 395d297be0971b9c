"""Where bytes are kept: random names, hashed while they are written, never changed afterwards."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Stored:
    name: str
    size: int
    sha256: str


def keep(chunks: Iterable[bytes], *, folder: str) -> Stored:
    """Write the bytes under a random name in `folder`, and say how many they are and their SHA-256 (hex)."""
    digest = hashlib.sha256()
    size = 0
    with NamedTemporaryFile(prefix="jefacture-") as spool:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            spool.write(chunk)
        spool.seek(0)
        random = uuid4().hex
        name = default_storage.save(f"{folder}/{random[:2]}/{random}", File(spool))
    return Stored(name=name, size=size, sha256=digest.hexdigest())


def keep_bytes(data: bytes, *, folder: str) -> Stored:
    return keep((data,), folder=folder)


def forget(name: str) -> None:
    """Remove what was just kept and is not needed after all (the same bytes were there already)."""
    default_storage.delete(name)


def forget_folder(folder: str) -> None:
    """Remove all that was kept in `folder`, and itself where the storage has folders; one file alone is removed too."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        folders, files = [], []
    for name in folders:
        forget_folder(f"{folder}/{name}")
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def chunks_of(name: str) -> Iterator[bytes]:
    with default_storage.open(name) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


@contextmanager
def as_local_file(name: str) -> Iterator[Path]:
    """A path on this machine with the stored bytes, for as long as the block lasts, wherever the storage is."""
    with NamedTemporaryFile(prefix="jefacture-") as local:
        for chunk in chunks_of(name):
            local.write(chunk)
        local.flush()
        yield Path(local.name)
