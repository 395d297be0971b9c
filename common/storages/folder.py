import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Final

from django.core.files.storage import FileSystemStorage

from common.storages.found import Found


class Folder(FileSystemStorage):
    #: What tells that it does not answer.
    errors: Final = (OSError,)

    def stream(self, name: str, *, first: int = 0) -> IO[bytes]:
        """The bytes from `first` on. Raises FileNotFoundError."""
        file: IO[bytes] = self.open(name)
        file.seek(first)
        return file

    def listed(self, *, after: str = "", folder: str = "") -> Iterator[Found]:
        """Every file behind `after`, in the order of their names, as a bucket lists them; a folder at a time."""
        try:
            with os.scandir(self.path(folder)) as entries:
                inside = sorted((f"{folder}{_name(entry)}", entry) for entry in entries)
        except (FileNotFoundError, NotADirectoryError):  # it was emptied meanwhile
            return
        for name, entry in inside:
            if name.endswith("/"):
                if name > after or after.startswith(name):
                    yield from self.listed(after=after, folder=name)
            elif name > after and (found := _found(entry, name)) is not None:
                yield found


def _name(entry: os.DirEntry[str]) -> str:
    return f"{entry.name}/" if entry.is_dir(follow_symlinks=False) else entry.name


def _found(entry: os.DirEntry[str], name: str) -> Found | None:
    try:
        stat = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return Found(name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))
