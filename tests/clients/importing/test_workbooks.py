import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from clients.importing.cells import Cell
from clients.importing.columns.header import find_header
from clients.importing.columns.registry import LABELS
from clients.importing.sources import open_source
from clients.importing.workbooks import error_workbook, header_texts, rejected_rows, template_workbook
from tests.clients.importing.making import OTHER_SIREN, SIREN, plan, write_xlsx


def rows_of(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True))


def test_template_has_every_column_an_example_and_lists() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    assert workbook.sheetnames == ["Clients", "Mode d’emploi", "Listes"]
    sheet = workbook["Clients"]
    assert [cell.value for cell in sheet[1]] == list(LABELS.values())
    assert sheet.max_row == 2
    assert workbook["Listes"].sheet_state == "hidden"
    validations = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert validations == {"E2:E20001": "'Listes'!$A$1:$A$250", "K2:K20001": "'Listes'!$B$1:$B$47"}
    assert [cell.value for cell in workbook["Listes"][1]] == ["France", "français"]


def test_template_left_as_it_is_holds_no_client(tmp_path: Path) -> None:
    (tmp_path / "template.xlsx").write_bytes(template_workbook())
    assert plan(tmp_path / "template.xlsx") == []


def test_filled_template_is_read_back_unchanged(tmp_path: Path) -> None:
    client: dict[str, Any] = {
        "name": "=Boulangerie", "siren": "005520135", "siret": "", "country": "BE", "language": "nl",
        "postal_code": "1000", "contact_phone": "+32 2 123 45 67", "collaborators": ("a@c.fr", "b@c.fr"),
    }  # fmt: skip
    (tmp_path / "mine.xlsx").write_bytes(template_workbook([client]))
    (row,) = plan(tmp_path / "mine.xlsx", {"005520135": client})
    assert (row.action.value, row.changes, row.warnings) == ("unchanged", (), ())


def test_rejected_rows_come_back_as_they_were_with_their_reasons(tmp_path: Path) -> None:
    header = ["Client", "Interne", "N° SIREN"]
    path = write_xlsx(
        tmp_path / "own.xlsx", [["Titre"], header, ["A", 1.5, SIREN], ["B", None, 12], [None, "x", OTHER_SIREN]]
    )
    with open_source(path) as sheets:
        found = find_header(sheets)
        content = error_workbook(header_texts(found), rejected_rows(found), sheet_name=found.sheet.name)
    assert rows_of(content, "Dossiers") == [
        ("Client", "Interne", "N° SIREN", "Motif"),
        ("B", None, 12, "SIREN invalide\u00a0: 9 chiffres attendus, 2 reçus."),
        (None, "x", OTHER_SIREN, "Raison sociale manquante."),
    ]


def test_corrected_error_workbook_is_imported(tmp_path: Path) -> None:
    content = error_workbook(["Client", "N° SIREN"], [(["=A", 12], ["SIREN invalide"])])
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    workbook["Clients"]["B2"] = SIREN
    workbook.save(tmp_path / "corrected.xlsx")
    (row,) = plan(tmp_path / "corrected.xlsx")
    assert (row.action.value, row.name) == ("create", "=A")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd", "'-cmd"),
        ("+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("-12,5", "-12,5"),
        ("#N/A", "#N/A"),
        ("a\x00b\x1fc\ud800", "abc"),
        (-12, -12),
        (True, True),
    ],
)
def test_no_cell_is_a_formula(cell: Cell, written: Cell) -> None:
    content = error_workbook(["=Titre"], [([cell], ["=motif"])], sheet_name="[a]/b:*?")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["'=Titre", "Motif"], [written, "'=motif"]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "b"}
