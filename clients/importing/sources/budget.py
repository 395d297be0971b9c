"""How much a file may hold, and the look into a ZIP container before anything unpacks it."""

import zipfile
import zlib
from pathlib import Path
from typing import Final

from clients.importing.sources import refusal
from clients.importing.sources.refusal import SheetRefused

MAX_FILE_BYTES: Final = 50 * 1024 * 1024
MAX_ROWS: Final = 200_000
LAST_ROW: Final = 1_048_576  # Excel's own
MAX_COLUMNS: Final = 200
MAX_CELL_CHARACTERS: Final = 32_767  # Excel's own limit

MAX_ENTRIES: Final = 5_000
MAX_UNPACKED_BYTES: Final = 600 * 1024 * 1024
# Sheets of repeated text reach 60; a bomb needs far more to be one.
MAX_RATIO: Final = 200
RATIO_MATTERS_FROM: Final = 20 * 1024 * 1024
PROLOGUE_BYTES: Final = 4096
ENCRYPTED_FLAG: Final = 0x1


def check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise SheetRefused(refusal.NOT_A_FILE) from None
    if not path.is_file():
        raise SheetRefused(refusal.NOT_A_FILE)
    check_bytes(size)


def check_bytes(size: int) -> None:
    """Judges a file by its size alone."""
    if size == 0:
        raise SheetRefused(refusal.EMPTY)
    if size > MAX_FILE_BYTES:
        raise SheetRefused(
            f"Le fichier est trop grand : {size // 1024**2} Mo, pour {MAX_FILE_BYTES // 1024**2} Mo au plus. "
            "Partagez-le en plusieurs fichiers.",
        )


def check_archive(path: Path) -> frozenset[str]:
    """The names inside a ZIP container, once it is known to be no bomb, not encrypted and without DTD."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_entries(entries, packed=path.stat().st_size)
            _check_prologues(archive, entries)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        raise SheetRefused(refusal.DAMAGED) from None
    return frozenset(entry.filename for entry in entries)


def _check_entries(entries: list[zipfile.ZipInfo], *, packed: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise SheetRefused(f"Le fichier contient trop d'éléments ({len(entries)}) pour un classeur.")
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        raise SheetRefused(refusal.PROTECTED)
    names = {entry.filename for entry in entries}
    if len(names) < len(entries) or sum(entry.compress_size for entry in entries) > packed:
        raise SheetRefused(refusal.DAMAGED)  # entries that share bytes, or a name: which one is meant?
    unpacked = sum(entry.file_size for entry in entries)
    suspicious = unpacked > RATIO_MATTERS_FROM and unpacked > packed * MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or suspicious:
        raise SheetRefused(
            f"Le fichier est trop grand une fois décompressé ({unpacked // 1024**2} Mo) : il est refusé sans être lu.",
        )


def _check_prologues(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """No spreadsheet program writes a DTD; the reader would not follow one, but what it holds would be missing."""
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(entry) as file:
            start = file.read(PROLOGUE_BYTES)
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise SheetRefused(refusal.DECLARES_ENTITIES)
