from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from clients.importing.cells import SourceRow
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import ROWS_PER_LINE, Reading, Spool, read_spool

#: More than a file's buffer holds, and cut by it in the middle of a letter.
ROWS = [SourceRow(number, ["é" * 1001, number]) for number in range(1, 10 * ROWS_PER_LINE)]


def test_only_sheet_is_read_while_it_is_written(tmp_path: Path) -> None:
    reading: Reading = Future()
    out = Spool(tmp_path)
    early: list[SourceRow] = []

    def rows() -> Iterator[SourceRow]:
        yield from ROWS
        (sheet,) = read_spool(tmp_path, reading)
        later = sheet.rows()
        early.extend(next(later) for _ in range(5 * ROWS_PER_LINE))
        yield SourceRow(9999, ["la dernière"])

    out.write_sheet("Dossiers", rows, only=True)
    assert early == ROWS[: 5 * ROWS_PER_LINE]
    reading.set_result(out.sheets)
    (sheet,) = read_spool(tmp_path, reading)
    assert (sheet.name, sheet.refused) == ("Dossiers", None)
    assert list(sheet.rows()) == [*ROWS, SourceRow(9999, ["la dernière"])]


def test_sheet_that_turns_out_to_be_refused_says_so_after_its_rows(tmp_path: Path) -> None:
    reading: Reading = Future()
    out = Spool(tmp_path)
    early: list[SourceRow] = []

    def rows() -> Iterator[SourceRow]:
        yield from ROWS
        (sheet,) = read_spool(tmp_path, reading)
        begun.append(sheet.rows())
        early.append(next(begun[0]))
        raise SheetRefused("Trop de lignes.")

    begun: list[Iterator[SourceRow]] = []
    out.write_sheet("Dossiers", rows, only=True)
    reading.set_result(out.sheets)
    assert early == ROWS[:1]
    with pytest.raises(SheetRefused, match="Trop de lignes"):
        list(begun[0])


def test_file_that_turns_out_to_be_refused_says_so_after_its_rows(tmp_path: Path) -> None:
    reading: Reading = Future()
    Spool(tmp_path).write_sheet("Dossiers", lambda: ROWS, only=True)
    (sheet,) = read_spool(tmp_path, reading)
    rows = sheet.rows()
    assert next(rows) == ROWS[0]
    reading.set_exception(SheetRefused("Endommagé."))
    with pytest.raises(SheetRefused, match="Endommagé"):
        list(rows)
    with pytest.raises(SheetRefused, match="Endommagé"):
        _ = sheet.refused
