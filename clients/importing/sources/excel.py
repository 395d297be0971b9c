"""Workbooks, through calamine. Runs in the child only."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from clients.importing.cells import SourceRow
from clients.importing.sources import refusal
from clients.importing.sources.kinds import Kind
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import Spool, kept_cells

# calamine has no class of its own for this error.
_TOO_MANY_CELLS: Final = "Cell limit exceeded"


def read_workbook(path: Path, spool: Spool, *, kind: Kind) -> None:
    """Every sheet of cells: those that are seen first, then hidden ones, in the workbook's order."""
    # calamine chooses its reader by the name's suffix, which is the sender's to get wrong.
    named = spool.folder / f"source.{kind}"
    named.symlink_to(path)
    try:
        workbook = CalamineWorkbook.from_path(named)
        sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
    except _ERRORS as error:
        raise _refused(error) from None
    for sheet in sorted(sheets, key=_is_hidden):
        rows = partial(_rows, workbook, sheet.name)
        spool.write_sheet(sheet.name, rows, only=len(sheets) == 1)


def _rows(workbook: CalamineWorkbook, name: str) -> Iterator[SourceRow]:
    try:
        sheet = workbook.get_sheet_by_name(name)
    except _ERRORS as error:
        raise _refused(error) from None
    # iter_rows counts rows from the sheet's first, but columns from the first that is filled.
    left = [None] * (sheet.start[1] if sheet.start else 0)
    for number, values in enumerate(sheet.iter_rows(), 1):
        if cells := kept_cells(values):
            yield SourceRow(number, left + cells)


def _is_hidden(sheet: SheetMetadata) -> bool:
    return sheet.visible is not SheetVisibleEnum.Visible


def _refused(error: Exception) -> SheetRefused:
    if isinstance(error, PasswordError):
        return SheetRefused(refusal.PROTECTED)
    if _TOO_MANY_CELLS in str(error):
        return SheetRefused(refusal.TOO_WIDE_APART)
    return SheetRefused(refusal.DAMAGED)


_ERRORS = (CalamineError, PasswordError, XmlError, ZipError, OSError, ValueError)
