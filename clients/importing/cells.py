"""What sources yield and columns read: rows of plain cells."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from common.folding import tidy

# What a spreadsheet cell holds once it has crossed a JSON file. Dates come as text, whole floats as int.
Cell = str | int | float | bool | None

LETTERS: Final = 26
# How our own error workbook writes a text that could be taken for a formula.
QUOTED_FORMULAS: Final = ("'=", "'+", "'-", "'@")


class SourceRow(NamedTuple):
    """One row as its owner sees it. `number` is the row's own in the spreadsheet, from 1; `notes` are the source's."""

    number: int
    cells: Sequence[Cell]
    notes: tuple[str, ...] = ()

    def cell(self, index: int) -> Cell:
        return self.cells[index] if index < len(self.cells) else None


def text_of(cell: Cell, *, line_break: str = " ") -> str:
    """A cell as tidied text; blank is ""."""
    if isinstance(cell, str):
        text = tidy(cell, line_break=line_break)
        return text[1:] if text.startswith(QUOTED_FORMULAS) else text
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    return str(cell)


def column_letter(index: int) -> str:
    """The letters above a column in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
