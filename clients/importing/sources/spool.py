"""How rows cross from the child that reads a file to the product: one file per sheet, some rows of JSON per line."""

import datetime as dt
import json
import math
from collections.abc import Callable, Iterable, Iterator
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

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet's rows that hold something, as often as they are asked for while the source is open.

    `refused` says why a sheet could not be read; `rows` is then empty.
    """

    name: str | None
    refused: str | None
    _path: Path

    def rows(self) -> Iterator[SourceRow]:
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                for place, cells, notes in json.loads(line):
                    yield SourceRow(place, cells, tuple(notes))


class Spool:
    """The child's side: writes sheets one after the other and keeps the list that crosses over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sheets: list[dict[str, Any]] = []

    def write_sheet(self, name: str | None, rows: Callable[[], Iterable[SourceRow]]) -> None:
        """A SheetRefused raised by `rows` is this sheet's alone."""
        path = self.folder / f"{len(self.sheets)}.jsonl"
        refused = None
        try:
            with path.open("w", encoding="utf-8", errors="replace") as file:
                file.writelines(_lines(rows()))
        except SheetRefused as error:
            path.write_text("", encoding="utf-8")
            refused = error.reason
        self.sheets.append({"name": name, "refused": refused, "file": path.name})


def read_spool(folder: Path, sheets: list[dict[str, Any]]) -> list[Sheet]:
    return [Sheet(sheet["name"], sheet["refused"], folder / sheet["file"]) for sheet in sheets]


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
