from pathlib import Path

import pytest

from clients.importing.cells import SourceRow
from clients.importing.columns.header import find_header
from clients.importing.sources import SheetRefused, open_source
from tests.clients.importing.making import SIREN, reading

ROWS = [["Raison sociale", "SIREN", "Ville"], ["Société du Nœud, SARL", SIREN, "Nîmes"], ["L’Œuvre €", SIREN, "Évry"]]


def write(path: Path, separator: str, encoding: str, *, newline: str = "\r\n") -> Path:
    lines = (separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in ROWS)
    path.write_bytes((newline.join(lines) + newline).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_usual_separator_and_encoding_is_read(tmp_path: Path, separator: str, encoding: str) -> None:
    path = write(tmp_path / "clients.csv", separator, encoding)
    assert reading(path) == [(None, [SourceRow(number, row) for number, row in enumerate(ROWS, 1)])]


def test_separator_is_found_below_a_title_and_among_others(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("Liste, au 1er janvier, provisoire\nRaison sociale;SIREN\nDupont, Durand, et fils;732829320\n")
    assert [row.cells for row in reading(path)[0][1]] == [
        ["Liste, au 1er janvier, provisoire"],
        ["Raison sociale", "SIREN"],
        ["Dupont, Durand, et fils", "732829320"],
    ]


def test_row_numbers_are_those_of_excel_with_line_breaks_in_quotes(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text('Nom;SIREN\r\n"rue A\r\nbât. B";1\r\n\r\n;;\r\nfin;2\r\n', newline="")
    assert reading(path) == [
        (None, [SourceRow(1, ["Nom", "SIREN"]), SourceRow(2, ["rue A\r\nbât. B", "1"]), SourceRow(5, ["fin", "2"])]),
    ]


def test_declared_separator_takes_no_row(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("sep=|\r\nNom|SIREN\r\nA;B|1\r\n", newline="")
    assert reading(path) == [(None, [SourceRow(1, ["Nom", "SIREN"]), SourceRow(2, ["A;B", "1"])])]


def test_quotes_inside_a_cell_stay(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text('Nom;SIREN\nSociété "Le Port" SARL;1\n"Dit ""Bob""";2\n')
    assert [row.cells for row in reading(path)[0][1]][1:] == [['Société "Le Port" SARL', "1"], ['Dit "Bob"', "2"]]


@pytest.mark.parametrize("lines", [1, 20_000])
def test_quote_that_never_closes_is_refused_with_its_row(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "clients.csv"
    path.write_text('Nom;SIREN\nA;1\n"B;2\n' + "C;3\n" * lines)
    with pytest.raises(SheetRefused, match="après la ligne 2"), open_source(path) as sheets:
        find_header(sheets)


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_last_cell_in_quotes_is_read_however_the_file_ends(tmp_path: Path, end: str) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(f'Nom;SIREN\nA;"1"{end}', newline="")
    assert [row.cells for row in reading(path)[0][1]] == [["Nom", "SIREN"], ["A", "1"]]
