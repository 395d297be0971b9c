"""The function that runs in the child of `common.isolation`: one stranger's file in, rows out to a folder."""

from pathlib import Path
from typing import Any

from clients.importing.sources import refusal
from clients.importing.sources.delimited import read_delimited
from clients.importing.sources.excel import read_workbook
from clients.importing.sources.jedeclare import read_client_files
from clients.importing.sources.kinds import Kind, kind_of
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import Spool


def read_sheet(path: Path, *, folder: str, jedeclare: bool = False) -> dict[str, Any]:
    """`{"refused": reason or None, "sheets": […]}`; each sheet's rows are in its file in `folder`."""
    spool = Spool(Path(folder))
    try:
        _read(path, spool, jedeclare=jedeclare)
    except SheetRefused as error:
        return {"refused": error.reason, "sheets": []}
    except MemoryError:
        raise
    except BaseException as error:
        # A panic of calamine's is no Exception, and would end the child.
        if type(error).__name__ == "PanicException":
            return {"refused": refusal.DAMAGED, "sheets": []}
        raise
    return {"refused": None, "sheets": spool.sheets}


def _read(path: Path, spool: Spool, *, jedeclare: bool) -> None:
    if jedeclare:
        read_client_files(path, spool)
        return
    kind = kind_of(path)
    if kind is Kind.CSV:
        read_delimited(path, spool)
    else:
        read_workbook(path, spool, kind=kind)
