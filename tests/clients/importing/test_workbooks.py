import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from clients.importing.cells import Cell
from clients.importing.columns.header import find_header
from clients.importing.columns.registry import LABELS
from clients.importing.sources import open_source
from clients.importing.workbooks import error_workbook, header_texts, rejected_rows, template_workbook
from tests.clients.importing.making import OTHER_SIREN, SIREN, make_siren, plan, reading, write_xlsx


def rows_of(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True))


def test_template_has_every_column_an_example_and_lists() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    assert workbook.sheetnames == ["Clients", "Mode d'emploi", "Listes"]
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


def test_example_is_left_out_wherever_it_was_moved(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(template_workbook([{"name": "A", "siren": SIREN}])))
    sheet = workbook["Clients"]
    example = openpyxl.load_workbook(io.BytesIO(template_workbook()))["Clients"]
    sheet.append([cell.value for cell in example[2]])
    sheet.append(["B", None, None, None, None, OTHER_SIREN])
    workbook.save(tmp_path / "moved.xlsx")
    assert [(row.number, row.name) for row in plan(tmp_path / "moved.xlsx")] == [(2, "A"), (4, "B")]


def test_filled_template_keeps_numbers_as_text_and_its_lists() -> None:
    workbook = openpyxl.load_workbook(
        io.BytesIO(template_workbook([{"name": "A", "siren": "005520135", "country": "FR"}]))
    )
    sheet = workbook["Clients"]
    assert (sheet["F2"].value, sheet["F2"].data_type, sheet["F2"].number_format) == ("005520135", "s", "@")
    assert (sheet["A2"].number_format, sheet["E2"].value) == ("General", "France")
    assert (len(sheet.data_validations.dataValidation), sheet.freeze_panes) == (2, "B2")


def test_thousands_of_clients_are_written_as_they_are(tmp_path: Path) -> None:
    clients = [{"name": f" Société <{n}> & « fils »", "siren": make_siren(n)} for n in range(10_000, 13_000)]
    (tmp_path / "many.xlsx").write_bytes(template_workbook(clients))
    _, rows = reading(tmp_path / "many.xlsx")[0]
    assert [(row.number, row.cells[0], row.cells[5]) for row in rows[1:]] == [
        (number, client["name"], client["siren"]) for number, client in enumerate(clients, 2)
    ]


def test_cells_keep_their_kind_in_the_error_workbook(tmp_path: Path) -> None:
    cells: list[Cell] = ["00123", 12, 1.5, 732829320, True, None, "a\nb", "<&>", " x ", "\ufffe\uffffy"]
    (tmp_path / "errors.xlsx").write_bytes(error_workbook(["h"] * len(cells), [(cells, ["x", "y"])]))
    kept = ["00123", 12, 1.5, 732829320, True, None, "a\nb", "<&>", " x ", "y", "x\ny"]
    assert reading(tmp_path / "errors.xlsx")[0][1][1].cells == kept
    sheet = openpyxl.load_workbook(tmp_path / "errors.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]] == kept
    assert (sheet["A2"].number_format, sheet["B2"].number_format, sheet["K2"].alignment.wrap_text) == (
        "@",
        "General",
        True,
    )


@pytest.mark.parametrize("content", [template_workbook(), template_workbook([{"name": "=A"}]), error_workbook([], [])])
def test_every_part_is_xml_without_formula(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [etree.fromstring(archive.read(name)) for name in archive.namelist()]
    assert [part for part in parts if part.find(".//{*}f") is not None] == []


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
