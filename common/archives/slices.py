"""One slice of the work on an archive: it goes on where the last one ended, and stops in time to hand on."""

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final, NotRequired, Protocol, TypedDict

from common import vault
from common.archives.contents import Cells, Contents, Entry, Section
from common.archives.models import Archive
from common.archives.pieces import File, Piece, end_of_archive
from common.archives.sheets import BOM, line
from common.typography import datetime_fr, number

#: Of manifest.json and of how the lists are called: a program that reads archives looks at it first.
FORMAT: Final = 1
_CHUNK: Final = 1 << 20


class Progress(Protocol):
    """Called again and again with the number of rows that are in; it may raise to stop the writing."""

    def __call__(self, done: int, *, storing: bool = False) -> None: ...


@dataclass(frozen=True)
class Limits:
    """Where a slice ends, after the row with which it comes by one of them."""

    seconds: float = 20.0
    size: int = 128 << 20
    rows: int = 20_000


LIMITS: Final = Limits()


class Part(TypedDict):
    """What a slice leaves in the storage: `body` is `size` bytes of the archive; `index` what later slices need."""

    body: str
    size: int
    index: NotRequired[str]
    #: The section whose rows it left in its index, for a list that was not at its end.
    section: NotRequired[int]


class Slice:
    """The work on a row, in memory: nothing of it holds before the row is saved."""

    def __init__(self, archive: Archive, contents: Contents, piece: Piece, *, progress: Progress) -> None:
        self.archive, self._contents, self._piece, self._progress = archive, contents, piece, progress
        self._lines: list[str] = []
        self._rows = 0

    @property
    def is_last(self) -> bool:
        return self.archive.section == len(self._contents.sections)

    def write(self, limits: Limits) -> None:
        until = time.monotonic() + limits.seconds
        while not self.is_last:
            section = self._contents.sections[self.archive.section]
            with self._contents.tenant():
                found = section.read(self.archive.cursor)
            if not found:
                self._end_section(section)
            for cursor, cells in found:
                self._add_row(section, cursor, cells)
                if self._rows >= limits.rows or self._piece.size >= limits.size or time.monotonic() >= until:
                    return
        self._piece.add("LISEZMOI.txt", [self._readme().encode()])
        self._piece.add("manifest.json", self._manifest())

    def keep(self, spool: IO[bytes]) -> None:
        """Put what was written into the storage and its names into the row, which is not saved yet."""
        folder, files = self.archive.stored_as, self._piece.files
        directory = self._piece.close()
        body = vault.keep(_chunks(spool), folder=folder)
        index = {"directory": base64.b64encode(directory).decode(), "files": files, "rows": "".join(self._lines)}
        kept = vault.keep_bytes(json.dumps(index).encode(), folder=folder)
        part = Part(body=body.name, size=body.size, index=kept.name, section=self.archive.section)
        self.archive.parts = [*self.archive.parts, part]
        self.archive.size += body.size
        self.archive.files += len(files)
        if self.is_last:
            end = vault.keep(self._end(), folder=folder)
            self.archive.parts = [*self.archive.parts, Part(body=end.name, size=end.size)]
            self.archive.size += end.size

    def _add_row(self, section: Section, cursor: str, cells: Cells) -> None:
        self._lines.append(line([self._add_file(cell) if isinstance(cell, Entry) else cell for cell in cells]))
        self.archive.cursor = cursor
        self.archive.counts[section.name] = self.archive.counts.get(section.name, 0) + 1
        self.archive.done += 1
        self._rows += 1
        self._progress(self.archive.done)

    def _add_file(self, entry: Entry) -> str:
        """Its path in the archive, or that the storage has it no more: the list says so, and the rest is written."""
        try:
            chunks = vault.chunks_of(entry.stored_as)
            first = next(chunks, b"")
        except FileNotFoundError:
            return "absent du stockage"
        self._piece.add(entry.path, _after(first, chunks))
        return entry.path

    def _end_section(self, section: Section) -> None:
        self._piece.add(section.file_name, self._sheet(section), packed=True)
        self.archive.counts.setdefault(section.name, 0)
        self.archive.section, self.archive.cursor, self._lines = self.archive.section + 1, "", []

    def _sheet(self, section: Section) -> Iterator[bytes]:
        yield (BOM + line(section.header)).encode()
        for part in self.archive.parts:
            if part["section"] == self.archive.section:
                self._progress(self.archive.done)
                yield _index_of(part)["rows"].encode()
        yield "".join(self._lines).encode()

    def _readme(self) -> str:
        lists = [
            f"- {section.file_name} : {number(self.archive.counts[section.name])} ligne(s)"
            for section in self._contents.sections
        ]
        asked = f"Demandée le {datetime_fr(self.archive.created_at)} par {self._contents.about['asked_by']}."
        return "\r\n".join([*self._contents.readme.strip().splitlines(), "", asked, "", "Listes :", *lists, ""])

    def _manifest(self) -> Iterator[bytes]:
        """It tells every file but itself; they are read part by part, whatever there is of them."""
        lists = {section.file_name: self.archive.counts[section.name] for section in self._contents.sections}
        head = {"format": "jefacture-archive", "version": FORMAT, **self._contents.about, "lists": lists}
        yield json.dumps(head, ensure_ascii=False, indent=1).encode()[:-2] + b',\n "files": [\n'
        for number_, file in enumerate(self._all_files()):
            entry = json.dumps(File(*file)._asdict(), ensure_ascii=False)
            yield f"{',' * bool(number_)}\n  {entry}".encode()
        yield b"\n ]\n}\n"

    def _all_files(self) -> Iterator[Any]:
        for part in self.archive.parts:
            self._progress(self.archive.done)
            yield from _index_of(part)["files"]
        yield from list(self._piece.files)

    def _end(self) -> Iterator[bytes]:
        size = 0
        for part in self.archive.parts:
            directory = base64.b64decode(_index_of(part)["directory"])
            size += len(directory)
            yield directory
        yield end_of_archive(entries=self.archive.files, directory_size=size, offset=self.archive.size)


def write_slice(archive: Archive, contents: Contents, limits: Limits, *, progress: Progress) -> bool:
    """
    Write one slice and move the row's place on, without saving it; whether the archive is whole.

    Outside any tenant: rows are read by the hundred, files by the chunk, whatever there is of them.
    """
    with NamedTemporaryFile(prefix="jefacture-") as spool:
        with Piece(spool, offset=archive.size, dated=archive.created_at) as piece:
            work = Slice(archive, contents, piece, progress=progress)
            work.write(limits)
            progress(archive.done, storing=True)
            work.keep(spool)
        return work.is_last


def _index_of(part: Part) -> Any:
    return json.loads(b"".join(vault.chunks_of(part["index"])))


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _chunks(spool: IO[bytes]) -> Iterator[bytes]:
    while chunk := spool.read(_CHUNK):
        yield chunk
