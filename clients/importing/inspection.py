"""What `inspect_sheet` prints: a file read as an import would read it, against an empty directory."""

from pathlib import Path
from typing import TypedDict

from clients.enums import RowAction
from clients.importing.columns.header import MappingNeeded, find_header
from clients.importing.plan import plan_rows
from clients.importing.sources import SheetRefused, open_source


class RejectedRow(TypedDict):
    row: int
    reasons: list[str]


class Inspection(TypedDict):
    """`columns` is label → letter, `rows` the rows that hold something below the header, without the example."""

    ok: bool
    reason: str | None
    sheet: str | None
    header_row: int | None
    columns: dict[str, str]
    rows: int
    valid: int
    rejected: list[RejectedRow]


def inspect_sheet(path: Path) -> Inspection:
    try:
        return _read(path)
    except (SheetRefused, MappingNeeded) as error:
        return Inspection(
            ok=False, reason=error.reason, sheet=None, header_row=None, columns={}, rows=0, valid=0, rejected=[]
        )


def _read(path: Path) -> Inspection:
    with open_source(path) as sheets:
        header = find_header(sheets)
        rows, rejected = 0, []
        for planned in plan_rows(header):
            rows += 1
            if planned.action == RowAction.REJECT:
                rejected.append(RejectedRow(row=planned.number, reasons=list(planned.reasons)))
    return Inspection(
        ok=True,
        reason=None,
        sheet=header.sheet.name,
        header_row=header.number,
        columns=header.letters,
        rows=rows,
        valid=rows - len(rejected),
        rejected=rejected,
    )
