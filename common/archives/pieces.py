"""A ZIP made piece by piece: each piece is kept by itself, and their bytes one after the other are the archive."""

import hashlib
import struct
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Final, NamedTuple, Self, cast

from django.utils import timezone

_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
#: The version of the format that has files and archives beyond 4 GB.
_ZIP64: Final = 45


class File(NamedTuple):
    """A line of the manifest."""

    path: str
    size: int
    sha256: str


class Piece:
    """A run of whole entries that stands at `offset` in the archive; `into` is empty."""

    def __init__(self, into: IO[bytes], *, offset: int, dated: datetime) -> None:
        self.files: list[File] = []
        self._into = into
        shifted = cast("IO[bytes]", _Shifted(into, offset))  # as much of one as is asked of it
        self._zip = zipfile.ZipFile(shifted, "w")
        self._date = timezone.localtime(dated).timetuple()[:6]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()  # else it would want to, later, in a file that is closed

    @property
    def size(self) -> int:
        return self._into.tell()

    def add(self, path: str, chunks: Iterable[bytes], *, packed: bool = False) -> None:
        entry = zipfile.ZipInfo(path, date_time=self._date)
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        self.files.append(File(path, size, digest.hexdigest()))

    def close(self) -> bytes:
        """`into` ends with the entries from now on; what the archive's directory says of them."""
        size = self.size
        self._zip.close()
        self._into.seek(size)
        written = self._into.read()
        self._into.truncate(size)
        self._into.seek(0)
        *_, directory_size, _offset, _comment = _END.unpack(written[-_END.size :])
        return written[:directory_size]


def end_of_archive(*, entries: int, directory_size: int, offset: int) -> bytes:
    """What stands behind the directory, which begins at `offset`."""
    many, much, far = min(entries, 0xFFFF), min(directory_size, 0xFFFFFFFF), min(offset, 0xFFFFFFFF)
    rest = _END64.size - 12  # what the record says of its own length leaves out its first twelve bytes
    return (
        _END64.pack(b"PK\6\6", rest, _ZIP64, _ZIP64, 0, 0, entries, entries, directory_size, offset)
        + _LOCATOR.pack(b"PK\6\7", 0, offset + directory_size, 1)
        + _END.pack(b"PK\5\6", 0, 0, many, many, much, far, 0)
    )


class _Shifted:
    """A file that believes it begins at `offset`, so that the entries know where they stand in the archive."""

    def __init__(self, file: IO[bytes], offset: int) -> None:
        self._file, self._offset = file, offset
        self.write, self.flush = file.write, file.flush

    def tell(self) -> int:
        return self._file.tell() + self._offset

    def seek(self, position: int) -> int:
        return self._file.seek(position - self._offset) + self._offset
