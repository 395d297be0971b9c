"""Files that nobody sends by mistake, and those that many do: each ends in rows or in a French sentence."""

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from clients.importing.cells import SourceRow
from clients.importing.sources import SheetRefused, open_source
from clients.importing.sources.budget import MAX_FILE_BYTES, MAX_ROWS
from tests.clients.importing.making import reading, write_xlsx

SECONDS = 10
MEMORY_BYTES = 512 * 1024 * 1024


def refusal_of(path: Path) -> str:
    """Why the file, or each of its sheets, is refused."""
    started = time.monotonic()
    try:
        with open_source(path) as sheets:
            reasons = {sheet.refused for sheet in sheets}
    except SheetRefused as refused:
        reasons = {refused.reason}
    assert time.monotonic() - started < SECONDS
    (reason,) = reasons
    assert reason is not None
    return reason


def replace_entry(path: Path, name: str, content: bytes, *, compress: int = zipfile.ZIP_DEFLATED) -> Path:
    changed = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", compress) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry))
    return changed


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "clients.xlsx", [["Raison sociale", "SIREN"], ["A", 732829320]])


def test_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").touch()
    assert refusal_of(tmp_path / "empty.xlsx") == "Le fichier est vide."


def test_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "nowhere.xlsx") == "Le fichier est introuvable ou illisible."
    assert refusal_of(tmp_path) == "Le fichier est introuvable ou illisible."


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "un PDF"),
        (b"\x89PNG\r\n\x1a\n", "une image"),
        (b"<html><table><tr><td>SIREN</td></tr></table></html>", "une page web ou un fichier XML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "une page web ou un fichier XML"),
        (b"\x00\x01\x02\x03", "un fichier d'un autre type"),
    ],
)
def test_renamed_file_of_another_type_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "clients.xlsx").write_bytes(content)
    assert refusal_of(tmp_path / "clients.xlsx") == (
        f"Ce n'est pas un tableau mais {what}. Envoyez un fichier Excel (.xlsx, .xlsm, .xlsb, .xls), OpenDocument "
        "(.ods) ou CSV."
    )


@pytest.mark.parametrize(
    ("entry", "what"), [("word/document.xml", "un document Word"), ("clients.csv", "une archive ZIP")]
)
def test_archive_that_is_no_workbook_is_named(tmp_path: Path, entry: str, what: str) -> None:
    with zipfile.ZipFile(tmp_path / "clients.xlsx", "w") as archive:
        archive.writestr(entry, "<a/>")
    assert what in refusal_of(tmp_path / "clients.xlsx")


def test_truncated_workbook_is_refused_as_damaged(workbook: Path) -> None:
    content = workbook.read_bytes()
    for length in (10, len(content) // 2, len(content) - 30):
        workbook.write_bytes(content[:length])
        assert refusal_of(workbook).startswith("Le fichier est endommagé")


def test_damaged_sheet_is_refused(workbook: Path) -> None:
    damaged = replace_entry(workbook, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c r='A1'")
    assert refusal_of(damaged).startswith("Le fichier est endommagé")


def test_zip_bomb_is_refused_unread(workbook: Path) -> None:
    bomb = replace_entry(workbook, "xl/worksheets/sheet1.xml", b" " * 30_000_000)
    assert bomb.stat().st_size < 100_000
    assert refusal_of(bomb) == (
        "Le fichier est trop grand une fois décompressé (28 Mo)\u00a0: il est refusé sans être lu."
    )


def test_zip_bomb_that_lies_about_its_size_is_stopped(workbook: Path) -> None:
    bomb = replace_entry(workbook, "xl/worksheets/sheet1.xml", b"<c>" * 10_000_000)
    content = bytearray(bomb.read_bytes())
    true_size = (30_000_000).to_bytes(4, "little")
    assert content.count(true_size) == 2
    bomb.write_bytes(bytes(content).replace(true_size, (900).to_bytes(4, "little")))
    assert refusal_of(bomb).startswith("Le fichier")


def test_workbook_with_entities_is_refused_and_reads_nothing(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    doctype = f'<!DOCTYPE x [<!ENTITY xxe SYSTEM "file://{tmp_path}/secret.txt">]>'
    sheet = (
        '<?xml version="1.0"?>'
        + doctype
        + '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&xxe;</t></is></c></row></sheetData></worksheet>'
    )
    assert refusal_of(replace_entry(workbook, "xl/worksheets/sheet1.xml", sheet.encode())) == (
        "Le fichier contient des déclarations XML (DTD) qu'un tableur n'écrit jamais\u00a0: il est refusé."
    )


def test_entities_hidden_behind_a_long_comment_are_not_resolved(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    sheet = (
        '<?xml version="1.0"?><!--' + " " * 10_000 + f'--><!DOCTYPE x [<!ENTITY xxe SYSTEM "{tmp_path}/secret.txt">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a&xxe;b</t></is></c></row></sheetData></worksheet>'
    )
    path = replace_entry(workbook, "xl/worksheets/sheet1.xml", sheet.encode())
    assert refusal_of(path).startswith("Le fichier est endommagé")


def test_file_beyond_the_size_limit_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(4 * MAX_FILE_BYTES)
    assert refusal_of(path) == (
        "Le fichier est trop grand\u00a0: 200 Mo, pour 50 Mo au plus. Partagez-le en plusieurs fichiers."
    )


def test_cell_in_the_farthest_corner_is_refused(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"], workbook.worksheets[0]["XFD1048576"] = "SIREN", "x"
    workbook.save(tmp_path / "corner.xlsx")
    assert refusal_of(tmp_path / "corner.xlsx").startswith(
        "Le fichier est trop grand\u00a0: il contient trop de cellules"
    )


def test_too_many_rows_and_too_many_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text("a;b\n" * (MAX_ROWS + 1))
    assert refusal_of(tmp_path / "long.csv").startswith("La feuille compte plus de 200\u202f000 lignes")
    (tmp_path / "blank.csv").write_text("a;b\n" + "\n" * 1_100_000)
    assert refusal_of(tmp_path / "blank.csv").startswith("La feuille compte plus de 200\u202f000 lignes")
    (tmp_path / "wide.csv").write_text("a;b\n" + "x;" * 201 + "\n")
    assert refusal_of(tmp_path / "wide.csv") == "La ligne 2 a une cellule remplie au-delà de la 200e colonne."


def test_one_enormous_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "line.csv").write_text("Raison sociale;SIREN;" + "x" * 5_000_000)
    assert refusal_of(tmp_path / "line.csv").startswith("Le fichier CSV ne peut pas être lu dès sa première ligne")
    (tmp_path / "line.csv").write_text("Raison sociale;SIREN" + ";x" * 2_000_000)
    assert refusal_of(tmp_path / "line.csv").startswith("La ligne 1 a une cellule remplie au-delà")


def test_two_entries_of_one_name_are_refused(workbook: Path) -> None:
    with zipfile.ZipFile(workbook, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert refusal_of(workbook).startswith("Le fichier est endommagé")


def test_next_file_is_read_after_a_bad_one(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04rubbish")
    assert refusal_of(tmp_path / "bad.xlsx").startswith("Le fichier est endommagé")
    assert reading(workbook) == [
        ("Dossiers", [SourceRow(1, ["Raison sociale", "SIREN"]), SourceRow(2, ["A", 732829320])]),
    ]


def test_every_file_of_the_corpus_ends_in_rows_or_in_a_sentence(sheets_corpus: Path) -> None:
    outcomes: dict[str, int | str] = {}
    for path in sorted(sheets_corpus.iterdir()):
        started = time.monotonic()
        try:
            with open_source(path) as sheets:
                outcomes[path.name] = sum(1 for sheet in sheets for _ in sheet.rows())
        except SheetRefused as refused:
            outcomes[path.name] = refused.reason
        assert time.monotonic() - started < SECONDS, path.name
    protected = {name for name, outcome in outcomes.items() if "mot de passe" in str(outcome)}
    assert protected >= {"pass_protected.xlsx", "pass_protected.ods", "issue_385.xls"}
    assert "trop de cellules" in str(outcomes["issue_594_dos.ods"])
    assert outcomes["sst_continue.xls"] == 136


# In an interpreter of its own: the largest child of this one may be another test's.
_PEAK = """
import resource, sys
from pathlib import Path
from clients.importing.sources import SheetRefused, open_source
from common.isolation import end_children
for path in Path(sys.argv[1]).iterdir():
    try:
        with open_source(path):
            pass
    except SheetRefused:
        pass
end_children()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def test_reading_the_corpus_stays_within_its_memory(sheets_corpus: Path) -> None:
    argv = [sys.executable, "-c", _PEAK, str(sheets_corpus)]
    done = subprocess.run(argv, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[4])
    assert 0 < int(done.stdout) < MEMORY_BYTES
