"""In the child: the files that an e-mail carries, told by their bytes, wherever in it they are."""

import base64
import binascii
import re
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any, Final, TypeAlias

from invoices.parcels.entries import (
    EMPTY,
    EXTENSIONS,
    HEAD_BYTES,
    NOT_AN_INVOICE_FILE,
    Folder,
    Json,
    decoded,
    kind_of,
    shown_name,
)

MAX_PARTS: Final = 500
MAX_DEPTH: Final = 20
#: How the base64 of a PDF, an XML declaration, a ZIP, a PNG and a JPEG begins, where a part forgot to say what it is.
_UNDECLARED: Final = (b"JVBERi", b"PD94bW", b"UEsDB", b"iVBORw", b"/9j/")
_SPACES: Final = re.compile(rb"\s+")
_MESSAGE_START: Final = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", re.MULTILINE)
_KNOWN_FIELD: Final = re.compile(rb"(?im)^(?:received|return-path|from|mime-version|message-id):")
_TOO_MANY: Final = "Ce message a trop de parties : celle-ci n'a pas été regardée."

Part: TypeAlias = "Message[str, str]"


def unpack(path: Path, *, folder: str) -> Json:
    """{"entries"} of the message at `path`, put into `folder`; the text that people read is not one of them."""
    out = Folder(folder)
    waiting: list[tuple[Part, int]] = [(message_from_bytes(path.read_bytes()), 0)]
    looked_at = 0
    while waiting:
        part, depth = waiting.pop(0)
        looked_at += 1
        inner = _inner(part)
        if looked_at > MAX_PARTS or depth > MAX_DEPTH:
            out.skip(_name(part) or "Partie du message", _TOO_MANY)
            if looked_at > MAX_PARTS:
                break
        elif inner:
            waiting[:0] = [(each, depth + 1) for each in inner]
        else:
            _take(part, out, waiting, depth)
    return {"entries": out.entries}


def _inner(part: Part) -> list[Part]:
    """The parts of a multipart, or the message that is attached."""
    payload: Any = part.get_payload()
    if not isinstance(payload, list):
        return []
    if part.get_content_maintype() == "message" and part.get("Content-Transfer-Encoding", "").lower() == "base64":
        # Forbidden, and done: the parser took the base64 text for the message.
        return [message_from_bytes(_from_base64(b"".join(each.as_bytes() for each in payload)))]
    return payload


def _take(part: Part, out: Folder, waiting: list[tuple[Part, int]], depth: int) -> None:
    data = _bytes_of(part)
    name = _name(part)
    kind = kind_of(data[:HEAD_BYTES])
    if kind is not None:
        out.next_path().write_bytes(data)
        out.keep(name or f"{kind}-{len(out.entries) + 1}.{EXTENSIONS[kind]}", kind=kind)
    elif _is_message(part, data, name):
        waiting.insert(0, (message_from_bytes(data), depth + 1))
    elif name or part.get_content_maintype() != "text":
        out.skip(name or part.get_content_type(), NOT_AN_INVOICE_FILE if data else EMPTY)


def _bytes_of(part: Part) -> bytes:
    try:
        data: Any = part.get_payload(decode=True)
    except (ValueError, LookupError):  # an encoding that its bytes contradict
        data = None
    if not isinstance(data, bytes):
        text: Any = part.get_payload()
        data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""
    return _from_base64(data) if _SPACES.sub(b"", data[:100]).startswith(_UNDECLARED) else data


def _from_base64(text: bytes) -> bytes:
    """As much of it as can be read: strange characters are left out, a missing end is not missed."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    try:
        return base64.b64decode(kept[: len(kept) - (len(kept) % 4 == 1)] + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return text


def _is_message(part: Part, data: bytes, name: str) -> bool:
    """A message that was attached as a file, under any type."""
    if part.get_content_maintype() == "text" and not name:
        return False
    start = data[:HEAD_BYTES].replace(b"\r\n", b"\n")
    found = _MESSAGE_START.match(start)
    return found is not None and _KNOWN_FIELD.search(found[0]) is not None


def _name(part: Part) -> str:
    try:
        return shown_name(decoded(part.get_filename() or ""))
    except (ValueError, LookupError, TypeError):
        return ""
