"""How rows cross from the child that reads a file to the product: one file per sheet, some rows of JSON per line.

A file's only sheet is read while the child still writes it. Sheets among several wait for the child's end: which of
them cannot be read is known only then.
"""

import datetime as dt
import json
import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from clients.importing.cells import Cell, SourceRow
from clients.importing.sources.budget import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_ROWS
from clients.importing.sources.refusal import SheetRefused
from common.typography import number

EXACT_BELOW: Final = 2**53
TOO_MANY_ROWS: Final = f"La feuille compte plus de {number(MAX_ROWS)} lignes : partagez-la en plusieurs."
# Enough that a row's share of encoding and decoding a line is small, few enough that a line is.
ROWS_PER_LINE: Final = 64
WAIT_SECONDS: Final = 0.01
_ONLY: Final = "only.jsonl"

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode

#: What the child says of its sheets at its end, or SheetRefused for the whole file.
Reading = Future[list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet's rows that hold something, as often as they are asked for while the source is open.

    `refused` says why a sheet could not be read. It and `name` wait for the child's end.
    """

    _path: Path
    _reading: Reading
    _place: int = 0

    @property
    def name(self) -> str | None:
        name: str | None = self._reading.result()[self._place]["name"]
        return name

    @property
    def refused(self) -> str | None:
        refused: str | None = self._reading.result()[self._place]["refused"]
        return refused

    def rows(self) -> Iterator[SourceRow]:
        """Ends in SheetRefused, maybe after some rows, where the sheet or its file cannot be read as a whole."""
        for line in self._lines():
            for place, cells, notes in json.loads(line):
                yield SourceRow(place, cells, tuple(notes))
        if self.refused:
            raise SheetRefused(self.refused)

    def _lines(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            written, ended = b"", False
            while not ended:
                # Asked before the file is read: what the child wrote until its end is then read too.
                ended = bool(wait([self._reading], timeout=WAIT_SECONDS).done)
                for part in file:
                    written += part
                    if written.endswith(b"\n"):
                        yield written
                        written = b""


class Spool:
    """The child's side: writes sheets one after the other and keeps the list that crosses over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sheets: list[dict[str, Any]] = []

    def write_sheet(self, name: str | None, rows: Callable[[], Iterable[SourceRow]], *, only: bool) -> None:
        """A SheetRefused raised by `rows` is this sheet's alone. `only`: the file has no other."""
        path = self.folder / (_ONLY if only else f"{len(self.sheets)}.jsonl")
        refused = None
        try:
            with path.open("w", encoding="utf-8", errors="replace") as file:
                file.writelines(_lines(rows()))
        except SheetRefused as error:
            path.write_text("", encoding="utf-8")
            refused = error.reason
        self.sheets.append({"name": name, "refused": refused, "file": path.name})


def read_spool(folder: Path, reading: Reading) -> list[Sheet]:
    only = folder / _ONLY
    while not wait([reading], timeout=WAIT_SECONDS).done:
        if only.exists():
            return [Sheet(only, reading)]
    return [Sheet(folder / sheet["file"], reading, place) for place, sheet in enumerate(reading.result())]


def kept_cells(cells: Iterable[Any]) -> list[Cell]:
    """A reader's row without the blanks at its end; [] for a blank row."""
    kept = [
        cell if type(cell) is str and cell and not cell.isspace() and "\x00" not in cell else _plain(cell)
        for cell in cells
    ]
    while kept and kept[-1] is None:
        kept.pop()
    return kept


def _plain(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell.replace("\x00", "") or None if cell and not cell.isspace() else None
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return None  # what neither Excel nor JSON can hold
        return int(cell) if cell.is_integer() and abs(cell) < EXACT_BELOW else cell
    if cell is None or isinstance(cell, int):
        return cell
    if isinstance(cell, dt.date):
        return _date(cell)
    return str(cell)  # times and durations


def _date(cell: dt.date) -> str:
    """As a French spreadsheet shows it. No column wants one, but a code or a name can look like a date."""
    at_midnight = not isinstance(cell, dt.datetime) or cell.time() == dt.time.min
    return cell.strftime("%d/%m/%Y" if at_midnight else "%d/%m/%Y %H:%M:%S")


def _lines(rows: Iterable[SourceRow]) -> Iterator[str]:
    left, rows = MAX_ROWS, iter(rows)
    while batch := list(islice(rows, ROWS_PER_LINE)):
        left -= len(batch)
        if left < 0:
            raise SheetRefused(TOO_MANY_ROWS)
        if max(len(row.cells) for row in batch) > MAX_COLUMNS:
            raise _too_wide(batch)
        line = _encode(batch)
        if len(line) > MAX_CELL_CHARACTERS:
            _check_cells(batch)
        yield line + "\n"


def _too_wide(batch: list[SourceRow]) -> SheetRefused:
    row = next(row for row in batch if len(row.cells) > MAX_COLUMNS)
    return SheetRefused(f"La ligne {row.number} a une cellule remplie au-delà de la {MAX_COLUMNS}e colonne.")


def _check_cells(batch: list[SourceRow]) -> None:
    for row in batch:
        if any(isinstance(cell, str) and len(cell) > MAX_CELL_CHARACTERS for cell in row.cells):
            raise SheetRefused(
                f"Une cellule de la ligne {row.number} dépasse {number(MAX_CELL_CHARACTERS)} caractères."
            )
