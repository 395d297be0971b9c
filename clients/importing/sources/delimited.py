"""Text files with a separator (CSV), as the many programs of France write them. Runs in the child only."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from clients.importing.cells import SourceRow
from clients.importing.columns.matching import recognised_in
from clients.importing.sources.budget import LAST_ROW, MAX_CELL_CHARACTERS
from clients.importing.sources.kinds import START_BYTES, utf16_of
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import TOO_MANY_ROWS, Spool, kept_cells

SEPARATORS: Final = (";", ",", "\t", "|")
SAMPLE_CHARACTERS: Final = 65_536
SAMPLE_ROWS: Final = 60
CHUNK_BYTES: Final = 1024 * 1024


def read_delimited(path: Path, spool: Spool) -> None:
    spool.write_sheet(None, lambda: _rows(path), only=True)


def _rows(path: Path) -> Iterator[SourceRow]:
    encoding = _encoding_of(path)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(SAMPLE_CHARACTERS)
        declared = _declared_separator(sample)
        file.seek(0)
        if declared:
            file.readline()  # Excel shows no row for « sep=; »
        yield from _numbered(_Lines(file), declared or _separator_of(sample))


class _Lines:
    """A file's lines, and whether its end has been asked for: only a quote left open reads on after the last line."""

    def __init__(self, file: Iterable[str]) -> None:
        self._lines = iter(file)
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            self.ended = True
            raise


def _numbered(lines: _Lines, separator: str) -> Iterator[SourceRow]:
    """A record is a row in Excel, blank or with line breaks inside quotes too: records are what is counted."""
    number = 0
    try:
        for number, values in enumerate(csv.reader(lines, delimiter=separator), 1):
            if lines.ended:
                raise SheetRefused(_left_open(number - 1))
            if number > LAST_ROW:
                raise SheetRefused(TOO_MANY_ROWS)
            if cells := kept_cells(values):
                yield SourceRow(number, cells)
    except csv.Error:
        raise SheetRefused(_left_open(number)) from None


def _left_open(number: int) -> str:
    where = f"après la ligne {number}" if number else "dès sa première ligne"
    return (
        f"Le fichier CSV ne peut pas être lu {where} : une cellule y est démesurée, sans doute parce qu'un guillemet "
        "ouvert n'est pas refermé."
    )


def _encoding_of(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        chunk = file.read(CHUNK_BYTES)
        if encoding := utf16_of(chunk[:START_BYTES]):
            return encoding
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(CHUNK_BYTES)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _declared_separator(sample: str) -> str | None:
    first = sample.removeprefix("\ufeff").split("\n", 1)[0].strip("\r\"' ")
    separator = first[4:5] if first.lower().startswith("sep=") else ""
    return separator if len(first) <= len("sep=;") and separator in SEPARATORS else None


def _separator_of(sample: str) -> str:
    return max(SEPARATORS, key=lambda separator: _fitness(sample, separator))


def _fitness(sample: str, separator: str) -> tuple[int, int]:
    """A separator under which a header is recognised wins; else the one that gives most rows the same width."""
    lines = sample.splitlines(keepends=True)
    try:
        rows = list(islice(csv.reader(lines, delimiter=separator), SAMPLE_ROWS))
    except csv.Error:
        return (0, 0)
    recognised = max((len(recognised_in(row)) for row in rows), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return (recognised if recognised > 1 else 0, max(widths.values(), default=0))
