"""Opens a source of rows: the file is read in a child with limits, its rows are read from a folder as they come.

with open_source(path) as sheets:
    header = find_header(sheets)
"""

import logging
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from clients.importing.sources import refusal
from clients.importing.sources.budget import check_size
from clients.importing.sources.refusal import SheetRefused
from clients.importing.sources.spool import Sheet, read_spool
from common.isolation import Crashed, IsolationError, Limits, OutOfMemory, TimedOut, run_isolated

LIMITS: Final = Limits(memory_bytes=420 * 1024 * 1024, wall_seconds=30, cpu_seconds=8)
logger = logging.getLogger(__name__)
_CHILD: Final = "clients.importing.sources.child:read_sheet"
# How Rust's allocator says that it got no more memory.
_NO_MEMORY: Final = "memory allocation of"


class SourceKind(StrEnum):
    SPREADSHEET = "spreadsheet"
    JEDECLARE = "jedeclare"


@contextmanager
def open_source(path: Path, *, kind: SourceKind = SourceKind.SPREADSHEET) -> Iterator[list[Sheet]]:
    """The sheets of `path` in the order they should be tried, seen ones first. They end with the context.

    Raises SheetRefused, never anything else, for what the file holds; so does whatever is asked of a sheet.
    """
    check_size(path)
    with tempfile.TemporaryDirectory(prefix="import-") as folder, ThreadPoolExecutor(max_workers=1) as thread:
        yield read_spool(Path(folder), thread.submit(_read, path, Path(folder), kind))


def _read(path: Path, folder: Path, kind: SourceKind) -> list[dict[str, Any]]:
    arguments = {"folder": str(folder), "jedeclare": kind is SourceKind.JEDECLARE}
    try:
        answer: dict[str, Any] = run_isolated(_CHILD, path, arguments=arguments, limits=LIMITS)
    except IsolationError as error:
        raise SheetRefused(_reason(error)) from None
    if answer["refused"]:
        raise SheetRefused(answer["refused"])
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets


def _reason(error: IsolationError) -> str:
    if isinstance(error, TimedOut):
        return refusal.TOO_SLOW
    if isinstance(error, OutOfMemory) or (isinstance(error, Crashed) and _NO_MEMORY in str(error)):
        return refusal.TOO_WIDE_APART
    logger.warning("A sheet's reader gave up: %s", error)
    return refusal.DAMAGED
