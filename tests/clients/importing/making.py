"""Makes files and reads them through the public door."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from stdnum import luhn

from clients.importing.cells import SourceRow
from clients.importing.columns.header import find_header
from clients.importing.plan import ClientValues, PlannedRow, plan_rows
from clients.importing.sources import SourceKind, open_source

SIREN, SIRET, VAT = "732829320", "73282932000074", "FR44732829320"
OTHER_SIREN = "552081317"


def make_siren(start: int) -> str:
    digits = f"{start:08d}"
    return digits + luhn.calc_check_digit(digits)


def write_xlsx(path: Path, rows: Iterable[Sequence[Any]], *, sheet: str = "Dossiers") -> Path:
    workbook = openpyxl.Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    worksheet.title = sheet
    for row in rows:
        worksheet.append(list(row))
    workbook.save(path)
    return path


def reading(path: Path, *, kind: SourceKind = SourceKind.SPREADSHEET) -> list[tuple[str | None, list[SourceRow]]]:
    """(name, rows) of each sheet."""
    with open_source(path, kind=kind) as sheets:
        return [(sheet.name, list(sheet.rows())) for sheet in sheets]


def plan(path: Path, existing: dict[str, ClientValues] | None = None, **options: Any) -> list[PlannedRow]:
    with open_source(path) as sheets:
        return list(plan_rows(find_header(sheets), find=lambda _sirens: existing or {}, **options))


def plan_cells(tmp_path: Path, labels: Sequence[str], *rows: Sequence[Any], **options: Any) -> list[PlannedRow]:
    return plan(write_xlsx(tmp_path / "clients.xlsx", [labels, *rows]), **options)
