"""One file inside an archive or an e-mail: what it is, told from its bytes, and where the child has put it."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any, Final, Literal

from invoices.formats.detect import ROOTS, image_type, is_pdf
from invoices.formats.xml import PROLOG_BYTES, looks_like_xml, root_name

Kind = Literal["pdf", "xml", "image", "zip"]
Json = dict[str, Any]

#: What tells its kind is at its beginning.
HEAD_BYTES: Final = PROLOG_BYTES
ZIP_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
EXTENSIONS: Final[dict[Kind, str]] = {"pdf": "pdf", "xml": "xml", "image": "jpg", "zip": "zip"}

#: Control characters, and those that turn text around.
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_MAX_NAME: Final = 200
NOT_AN_INVOICE_FILE: Final = "Ce n'est ni un PDF, ni un XML, ni une image."
EMPTY: Final = "Ce fichier est vide."


def kind_of(head: bytes) -> Kind | None:
    """Whatever its name or declared type; None for what can be no invoice."""
    if head.startswith(ZIP_MAGIC):
        return "zip"
    if is_pdf(head):
        return "pdf"
    if image_type(head):
        return "image"
    return "xml" if looks_like_xml(head) and _is_xml(head) else None


def _is_xml(head: bytes) -> bool:
    root = root_name(head)
    # A page of the web begins like XML; what it holds is a message's text, not a file of data.
    return root is not None and (root in ROOTS or root.rpartition("}")[2].lower() != "html")


def shown_name(name: str) -> str:
    """A name that a stranger gave, fit to be shown: no control characters, no text that runs backwards, no end."""
    return CONTROL.sub(" ", name).strip()[-_MAX_NAME:]


def decoded(header: str) -> str:
    """As people read it; as it stands where it is written wrong."""
    try:
        return str(make_header(decode_header(header)))
    except (HeaderParseError, ValueError, LookupError):
        return header


def base_name(name: str) -> str:
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2] or name


class Folder:
    """Where the child puts what it takes out, under numbers: no name of a stranger is ever a path."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self.entries: list[Json] = []

    def next_path(self) -> Path:
        return self._path / f"{len(self.entries):06d}"

    def keep(self, name: str, *, kind: Kind) -> None:
        """What was written to `next_path` is an entry."""
        self.entries.append({"name": name, "kind": kind, "file": self.next_path().name})

    def skip(self, name: str, reason: str) -> None:
        self.next_path().unlink(missing_ok=True)
        self.entries.append({"name": name, "skipped": reason})
