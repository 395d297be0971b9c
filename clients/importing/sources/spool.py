"""How rows cross from the child that reads a file to the product: one file of JSON lines per sheet."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clients.importing.cells import Cell, SourceRow
from clients.importing.sources.budget import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_ROWS
from clients.importing.sources.refusal import SheetRefused
from common.typography import number

EXACT_BELOW: Final = 2**53

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
                place, cells, notes = json.loads(line)
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


def kept_cells(cells: Sequence[Any]) -> list[Cell]:
    """A reader's row without the blanks at its end; [] for a blank row."""
    kept = [_plain(cell) for cell in cells]
    while kept and kept[-1] is None:
        kept.pop()
    return kept


def _plain(cell: Any) -> Cell:
    if isinstance(cell, str):
        if not cell or cell.isspace():
            return None
        return cell.replace("\x00", "") if "\x00" in cell else cell
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return None  # what neither Excel nor JSON can hold
        return int(cell) if cell.is_integer() and abs(cell) < EXACT_BELOW else cell
    if cell is None or isinstance(cell, int):
        return cell
    return str(cell)  # dates, times and durations: no column wants one


def _lines(rows: Iterable[SourceRow]) -> Iterator[str]:
    for place, row in enumerate(rows):
        if place >= MAX_ROWS:
            raise SheetRefused(f"La feuille compte plus de {number(MAX_ROWS)} lignes : partagez-la en plusieurs.")
        yield _encode((row.number, _checked(row), row.notes)) + "\n"


def _checked(row: SourceRow) -> Sequence[Cell]:
    if len(row.cells) > MAX_COLUMNS:
        raise SheetRefused(f"La ligne {row.number} remplit plus de {MAX_COLUMNS} colonnes.")
    for cell in row.cells:
        if isinstance(cell, str) and len(cell) > MAX_CELL_CHARACTERS:
            raise SheetRefused(
                f"Une cellule de la ligne {row.number} dépasse {number(MAX_CELL_CHARACTERS)} caractères."
            )
    return row.cells
