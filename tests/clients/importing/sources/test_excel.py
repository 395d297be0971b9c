import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from clients.importing.cells import SourceRow
from clients.importing.sources import open_source
from tests.clients.importing.making import reading, write_xlsx


def test_rows_keep_the_numbers_and_columns_that_excel_shows(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet["C5"], sheet["E9"], sheet["D7"] = "Raison sociale", 732829320.0, 1.5
    sheet["C9000"].font = Font(bold=True)
    workbook.save(tmp_path / "far.xlsx")
    assert reading(tmp_path / "far.xlsx") == [
        (
            "Sheet",
            [
                SourceRow(5, [None, None, "Raison sociale"]),
                SourceRow(7, [None, None, None, 1.5]),
                SourceRow(9, [None, None, None, None, 732829320]),
            ],
        ),
    ]


def test_blank_rows_are_left_out_however_many(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"], sheet["A2"], sheet["A60001"] = "début", " \u00a0 ", "fin"
    workbook.save(tmp_path / "gap.xlsx")
    assert reading(tmp_path / "gap.xlsx") == [("Sheet", [SourceRow(1, ["début"]), SourceRow(60001, ["fin"])])]


def test_hidden_sheets_come_after_those_that_are_seen(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Caché"
    workbook.worksheets[0].sheet_state = "hidden"
    workbook.create_sheet("Vu")
    workbook.active = 1
    workbook.save(tmp_path / "hidden.xlsx")
    assert [name for name, _ in reading(tmp_path / "hidden.xlsx")] == ["Vu", "Caché"]


def test_type_comes_from_the_bytes_and_not_from_the_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "clients.xlsx", [["a", "b"]])
    for name in ("clients.xls", "clients.csv", "clients"):
        renamed = path.rename(tmp_path / name)
        assert reading(renamed) == [("Dossiers", [SourceRow(1, ["a", "b"])])]
        path = renamed


def test_rows_can_be_read_again_while_the_source_is_open(tmp_path: Path) -> None:
    with open_source(write_xlsx(tmp_path / "twice.xlsx", [["a"], ["b"]])) as sheets:
        assert list(sheets[0].rows()) == list(sheets[0].rows()) == [SourceRow(1, ["a"]), SourceRow(2, ["b"])]


@pytest.mark.parametrize(
    "name", ["issues.xlsb", "any_sheets.ods", "xls_formula.xls", "issue221.xlsm", "strict_iso_paths.xlsx"]
)
def test_each_kind_of_workbook_is_read(sheets_corpus: Path, name: str) -> None:
    assert sum(len(rows) for _, rows in reading(sheets_corpus / name)) > 0


def test_dates_are_read_as_the_french_write_them(tmp_path: Path) -> None:
    moment = dt.datetime(2026, 3, 1, 14, 5)  # noqa: DTZ001 - a spreadsheet knows no time zone
    cells = [moment.date(), moment, moment.time()]
    path = write_xlsx(tmp_path / "dates.xlsx", [["a"], cells])
    assert reading(path)[0][1][1].cells == ["01/03/2026", "01/03/2026 14:05:00", "14:05:00"]


def test_merged_and_hidden_cells_keep_their_place(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in (["Titre", None, None], ["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    workbook.save(tmp_path / "hidden.xlsx")
    assert [(row.number, row.cells) for row in reading(tmp_path / "hidden.xlsx")[0][1]] == [
        (1, ["Titre"]),
        (2, ["a", "b", "c"]),
        (3, ["d", "e", "f"]),
        (4, ["g", "h", "i"]),
    ]


def test_errors_and_formulas_never_calculated_are_blank(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["#REF!", "=A1", "=1/0", "fin"])
    sheet["A1"].data_type = "e"
    workbook.save(tmp_path / "errors.xlsx")
    assert reading(tmp_path / "errors.xlsx") == [("Sheet", [SourceRow(1, [None, None, None, "fin"])])]
