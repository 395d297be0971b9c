"""Many rows at the end of a workbook's first sheet, in a fifth of the time that openpyxl takes, which makes the rest.

A cell is text, a number or yes and no, never a formula.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from clients.importing.cells import Cell, column_letter

_SHEET: Final = "xl/worksheets/sheet1.xml"
_END: Final = b"</sheetData>"
# What neither UTF-8 nor XML holds, beside control characters.
_NO_XML: Final = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
# Read as a formula by a spreadsheet once the text has been through a CSV file. Phone numbers are none.
_FORMULA_START: Final = re.compile(r"[=@\t\r]|[+-](?![\d\s().,/-]+$)")


def safe_text(text: str) -> str:
    """`text` as a cell that no program takes for a formula, now or after a CSV file, and that XML can hold."""
    if not text.isprintable():
        text = _NO_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))
    return f"'{text}" if _FORMULA_START.match(text) else text


def append_rows(workbook: bytes, rows: Iterable[Sequence[Cell]], *, first: int, styles: Sequence[int]) -> bytes:
    """`workbook` with `rows` from row `first` on. `styles`: openpyxl's `style_id` of each column's texts."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename != _SHEET:
                new.writestr(entry, content)
                continue
            before, end, after = content.partition(_END)
            with new.open(_SHEET, "w", force_zip64=True) as file:
                file.write(before)
                _write(rows, first, styles, file.write)
                file.write(end + after)
    return written.getvalue()


def _write(rows: Iterable[Sequence[Cell]], first: int, styles: Sequence[int], write: Callable[[bytes], object]) -> None:
    columns = [(column_letter(index), style) for index, style in enumerate(styles)]
    for number, row in enumerate(rows, first):
        cells = [
            _cell(cell, f"{letter}{number}", style)
            for cell, (letter, style) in zip(row, columns, strict=False)
            if cell is not None
        ]
        write(f'<row r="{number}">{"".join(cells)}</row>'.encode())


def _cell(cell: Cell, place: str, style: int) -> str:
    if isinstance(cell, str):
        text = escape(safe_text(cell))
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    return f'<c r="{place}"><v>{cell!r}</v></c>'
