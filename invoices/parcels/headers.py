"""What is said on the outside of a message: enough to know who says that he or she sent it, and whether it is known."""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import parseaddr
from typing import Any, Final

from invoices.parcels.entries import CONTROL, decoded

_END: Final = re.compile(rb"\r?\n\r?\n")
#: More headers than any server lets pass.
_MAX_BYTES: Final = 256_000
_BOUNDARY: Final = re.compile(rb"""(?i)\bboundary="?([^";\s]{8,70})""")
_MAX_BOUNDARIES: Final = 50
_MAX_SUBJECT: Final = 200
_MAX_ADDRESS: Final = 320


@dataclass(frozen=True, slots=True)
class Headers:
    """`sender` is lower case, the envelope's where the message names nobody; `ledger` is the same for the same message.

    `automatic`: a machine answered (holidays, « non distribué »), nobody sent it.
    """

    sender: str
    subject: str
    ledger: str
    automatic: bool


def read_headers(content: bytes, *, envelope_sender: str) -> Headers:
    """Never fails: what is written wrong is as good as absent."""
    found = _END.search(content)
    head, body = (content[: found.start()], content[found.end() :]) if found else (content, b"")
    head = head[:_MAX_BYTES]
    message: Any = message_from_bytes(head + b"\r\n\r\n")
    message_id = " ".join(str(message.get("Message-ID") or "").split())
    # With its body: a program that gives each message one Message-ID loses nothing by it. Headers change on the way.
    ledger = hashlib.sha256(message_id.encode("utf-8", "surrogateescape") + b"\n" + _without_boundaries(content, body))
    automatic = str(message.get("Auto-Submitted") or "no").strip().lower().startswith("auto-replied")
    return Headers(
        sender=_address(message.get("From")) or envelope_sender.lower()[:_MAX_ADDRESS],
        subject=CONTROL.sub(" ", decoded(str(message.get("Subject") or ""))).strip()[:_MAX_SUBJECT] or "(sans objet)",
        ledger=ledger.hexdigest(),
        automatic=automatic or not envelope_sender,
    )


def _without_boundaries(content: bytes, body: bytes) -> bytes:
    """Where a message is written anew from its parts, only the lines between them differ."""
    for boundary in set(_BOUNDARY.findall(content)[:_MAX_BOUNDARIES]):
        body = body.replace(boundary, b"")
    return body


def _address(value: Any) -> str:
    try:
        address = parseaddr(str(value or ""))[1]
    except RecursionError:  # brackets in brackets
        return ""
    return CONTROL.sub("", address).lower()[:_MAX_ADDRESS] if "@" in address else ""
