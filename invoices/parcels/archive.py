"""In the child: the files of a ZIP, within budgets that are looked at before anything is unpacked."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from invoices.parcels.entries import (
    EMPTY,
    HEAD_BYTES,
    NOT_AN_INVOICE_FILE,
    Folder,
    Json,
    base_name,
    kind_of,
    shown_name,
)

MAX_ENTRIES: Final = 2_000
MAX_UNPACKED_BYTES: Final = 512 << 20
MAX_ENTRY_BYTES: Final = 50 << 20
#: XML of many alike lines reaches 60; a bomb needs far more to be one.
MAX_RATIO: Final = 200
RATIO_MATTERS_FROM: Final = 20 << 20
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
_CHUNK: Final = 1 << 20
_DAMAGES: Final = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)

_DAMAGED: Final = "Cette archive est endommagée ou incomplète : refaites-la, ou déposez ses fichiers un à un."
_OFFICE: Final = "Ce fichier est un document bureautique, pas une archive de factures : déposez la facture en PDF."
_BOMB: Final = "Cette archive est trop grande une fois décompressée : elle est refusée sans être ouverte."
_TOO_MANY: Final = "Cette archive contient trop de fichiers (2 000 au plus) : partagez-la en plusieurs."
_PROTECTED: Final = "Ce fichier est protégé par un mot de passe."
_ENTRY_DAMAGED: Final = "Ce fichier est endommagé dans l'archive."
_TOO_LARGE: Final = "Ce fichier dépasse 50 Mo."
_TOO_DEEP: Final = "Une archive dans une archive d'archive n'est pas ouverte : déposez-la à part."


class _RefusedError(Exception):
    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code, self.reason = code, reason


class _Budget:
    """What one parcel may still unpack, its inner archives included."""

    def __init__(self) -> None:
        self.entries, self.bytes = MAX_ENTRIES, MAX_UNPACKED_BYTES

    def check(self, entries: list[zipfile.ZipInfo], *, packed: int) -> None:
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > self.entries:
            raise _RefusedError("too_many_files", _TOO_MANY)
        if unpacked > self.bytes or (unpacked > RATIO_MATTERS_FROM and unpacked > packed * MAX_RATIO):
            raise _RefusedError("too_large", _BOMB)
        # Entries that share their bytes are how a small file unpacks to a huge one.
        if sum(entry.compress_size for entry in entries) > packed:
            raise _RefusedError("damaged_archive", _DAMAGED)
        self.entries -= len(entries)
        self.bytes -= unpacked


def unpack(path: Path, *, folder: str) -> Json:
    """{"entries"} of the archive at `path`, put into `folder`; {"refused", "code"} where none of it is taken."""
    out = Folder(folder)
    try:
        _unpack(path, out, _Budget(), prefix="", deep=False)
    except _RefusedError as refusal:
        return {"refused": refusal.reason, "code": refusal.code}
    return {"entries": out.entries}


def _unpack(path: Path, out: Folder, budget: _Budget, *, prefix: str, deep: bool) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if any(base_name(entry.filename) in ("[Content_Types].xml", "mimetype") for entry in entries):
                raise _RefusedError("office_document", _OFFICE)
            budget.check(entries, packed=path.stat().st_size)
            for entry in entries:
                _take(archive, entry, out, budget, prefix=prefix, deep=deep)
    except (NotImplementedError, *_DAMAGES):
        raise _RefusedError("damaged_archive", _DAMAGED) from None


def _take(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, out: Folder, budget: _Budget, *, prefix: str, deep: bool
) -> None:
    name = shown_name(prefix + _name_of(entry))
    if reason := _refused_unread(entry):
        out.skip(name, reason)
        return
    try:
        with archive.open(entry) as source:
            head = _write(source, out.next_path())
    except NotImplementedError:
        out.skip(name, "Ce fichier est compressé d'une façon qui n'est pas lue ici.")
        return
    except _DAMAGES:
        out.skip(name, _ENTRY_DAMAGED)
        return
    kind = kind_of(head)
    if kind is None:
        out.skip(name, NOT_AN_INVOICE_FILE)
    elif kind == "zip":
        _take_inner(name, out, budget, deep=deep)
    else:
        out.keep(name, kind=kind)


def _take_inner(name: str, out: Folder, budget: _Budget, *, deep: bool) -> None:
    """One level of archives inside is opened; what cannot be is named, and the others go on."""
    if deep:
        out.skip(name, _TOO_DEEP)
        return
    inner = out.next_path().rename(out.next_path().with_suffix(".zip"))
    before = len(out.entries)
    try:
        _unpack(inner, out, budget, prefix=f"{name}/", deep=True)
    except _RefusedError as refusal:
        del out.entries[before:]
        out.skip(name, refusal.reason)
    finally:
        inner.unlink()


def _refused_unread(entry: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "Ceci est un lien, pas un fichier."
    if entry.flag_bits & _ENCRYPTED:
        return _PROTECTED
    if entry.file_size == 0:
        return EMPTY
    return _TOO_LARGE if entry.file_size > MAX_ENTRY_BYTES else ""


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Windows writes names in its old code page and says nothing of it; others write UTF-8 and say nothing either."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "cp850"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _write(source: IO[bytes], target: Path) -> bytes:
    """Copy it, and give back its beginning."""
    head = b""
    with target.open("wb") as file:
        for chunk in _chunks(source):
            head = head or chunk[:HEAD_BYTES]
            file.write(chunk)
    return head


def _chunks(source: Any) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk
