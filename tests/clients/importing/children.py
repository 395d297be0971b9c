"""What runs in the place of the child that reads a sheet: some rows, then a bad end once they have been worked on."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clients.importing.cells import SourceRow
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import Spool


def refuse(path: Path, *, folder: str, jedeclare: bool) -> dict[str, Any]:
    out = Spool(Path(folder))
    out.write_sheet("Dossiers", lambda: _rows_until(path), only=not jedeclare)
    return {"refused": None, "sheets": out.sheets}


def crash(path: Path, *, folder: str, jedeclare: bool) -> None:
    def rows() -> Iterator[SourceRow]:
        try:
            yield from _rows_until(path)
        except SheetRefused:
            os._exit(1)

    Spool(Path(folder)).write_sheet("Dossiers", rows, only=not jedeclare)


def _rows_until(path: Path) -> Iterator[SourceRow]:
    """Until the file exists whose path is what `path` holds."""
    yield SourceRow(1, ["Raison sociale", "SIREN"])
    for number in range(2, 1000):
        yield SourceRow(number, [f"Client {number}", "732829320"])
    sign = Path(path.read_text(encoding="utf-8"))
    while not sign.exists():
        time.sleep(0.01)  # the child's own limit ends this
    raise SheetRefused("Trop de lignes.")
