"""What a file is, told from its bytes: its name may be anything."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from clients.importing.sources import refusal
from clients.importing.sources.budget import check_archive
from clients.importing.sources.refusal import SheetRefused

START_BYTES: Final = 4096
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_MOSTLY_LATIN: Final = 0.9

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_WORD_STREAM: Final = "WordDocument".encode("utf-16-le")
_OLD_EXCEL: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_OTHERS: Final = (
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"Rar!", "une archive RAR"),
    (b"7z\xbc\xaf", "une archive 7z"),
    (b"\x1f\x8b", "une archive gzip"),
    (b"{\\rtf", "un document texte (RTF)"),
    (b"\x7fELF", "un programme"),
    (b"MZ", "un programme"),
)


class Kind(StrEnum):
    """The suffix that calamine chooses its reader by, or csv."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"
    CSV = "csv"


def kind_of(path: Path) -> Kind:
    """Raises SheetRefused, saying what the file seems to be, where it is no spreadsheet."""
    with path.open("rb") as file:
        start = file.read(START_BYTES)
    if not start:
        raise SheetRefused(refusal.EMPTY)
    if start.startswith(b"PK"):
        return _kind_of_archive(path)
    if start.startswith(_OLE):
        return _kind_of_ole(path)
    _refuse_others(start)
    return Kind.CSV


def _kind_of_archive(path: Path) -> Kind:
    names = check_archive(path)
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    if "content.xml" in names:
        return Kind.ODS
    if any(name.startswith("word/") for name in names):
        raise not_a_sheet("un document Word")
    if any(name.startswith("ppt/") for name in names):
        raise not_a_sheet("une présentation")
    if any(name.startswith("Index/") for name in names):
        raise not_a_sheet("un classeur Numbers")
    # « Strict Open XML » and other writers use other folders: the content types are what all have.
    if any(name.lower() == "[content_types].xml" for name in names):
        return Kind.XLSX
    raise not_a_sheet("une archive ZIP")


def _kind_of_ole(path: Path) -> Kind:
    content = path.read_bytes()
    if _ENCRYPTED_PACKAGE in content:
        raise SheetRefused(refusal.PROTECTED)
    if _WORD_STREAM in content:
        raise not_a_sheet("un document Word")
    return Kind.XLS


def _refuse_others(start: bytes) -> None:
    if b"%PDF-" in start[:1024]:
        raise not_a_sheet("un PDF")
    for mark, what in _OTHERS:
        if start.startswith(mark):
            raise not_a_sheet(what)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        raise not_a_sheet("une page web ou un fichier XML")
    if start.startswith(_OLD_EXCEL):
        raise not_a_sheet("un classeur Excel d'avant 1997")
    if b"\x00" in start and not utf16_of(start):
        raise not_a_sheet("un fichier d'un autre type")


def utf16_of(start: bytes) -> str | None:
    """The UTF-16 that a text starts in; without its mark, told from every other byte being nought."""
    if start.startswith(_UTF16_MARKS):
        return "utf-16"
    low, high = start[::2], start[1::2]
    if 0 not in low and high.count(0) > len(high) * _MOSTLY_LATIN:
        return "utf-16-le"
    return None


def not_a_sheet(what: str) -> SheetRefused:
    return SheetRefused(
        f"Ce n'est pas un tableau mais {what}. Envoyez un fichier Excel (.xlsx, .xlsm, .xlsb, .xls), OpenDocument "
        "(.ods) ou CSV.",
    )
