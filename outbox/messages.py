"""The MIME message of a row: made again, it is the same to the byte."""

import binascii
from collections.abc import Iterator
from email import policy
from email.header import Header
from email.message import MIMEPart
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Final

from django.core.files.storage import default_storage
from django.utils import timezone

from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from outbox.parts import Attachment, Parts

# Quoted-printable, base64 and encoded words: any server takes it, with or without 8BITMIME and SMTPUTF8.
_POLICY: Final = policy.SMTP.clone(cte_type="7bit")
_LINE: Final = 68
_END: Final = "\r\n"


def build_message(email: OutgoingEmail, parts: Parts) -> bytes:
    """
    The message as it goes over the wire.

    Written out by hand, but for attachments: the standard library's parser of headers costs more than the rest of
    sending. Raises FileNotFoundError when an attached file is gone from the storage, ValueError on a header that no
    mail may carry (a line break in it).
    """
    body = _text("plain", parts.text)
    if parts.html:
        body = _multipart("alternative", f"=_{email.pk.hex}_1", [body, _text("html", parts.html)])
    if parts.attachments:
        body = _multipart("mixed", f"=_{email.pk.hex}_0", [body, *map(_attachment, parts.attachments)])
    return "".join(_headers(email)).encode("ascii") + body


@lru_cache(maxsize=256)
def address_of(mailbox: str) -> str:
    """« jefacture <a@b.fr> » → « a@b.fr »."""
    return parseaddr(mailbox)[1]


def _headers(email: OutgoingEmail) -> Iterator[str]:
    yield _header("From", _mailbox(email.sender))
    yield _header("To", email.recipient)
    if email.reply_to:
        yield _header("Reply-To", email.reply_to)
    yield f"Subject: {_encoded(email.subject)}{_END}"
    yield _header("Date", format_datetime(timezone.localtime(email.created_at)))
    yield _header("Message-ID", email.message_id)
    # No holiday reply wanted (RFC 3834), from programs that read the one header or the other.
    yield _header("Auto-Submitted", "auto-generated")
    yield _header("X-Auto-Response-Suppress", "All")
    if email.kind == EmailKind.DELIVERY:
        # A series that its reader may want to sort (RFC 2919); what is written to one person is no list.
        yield _header("List-Id", f"Livraison de factures <factures.{address_of(email.sender).rpartition('@')[2]}>")
    yield _header("Content-Language", "fr")
    yield "MIME-Version: 1.0\r\n"


def _header(name: str, value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError(f"A line break in {name}.")
    return f"{name}: {value}{_END}"


@lru_cache(maxsize=256)  # a batch of invitations has one subject
def _encoded(words: str) -> str:
    """Free text for a header: as it is where that fits, else in encoded words over several lines."""
    if "\n" in words or "\r" in words:
        raise ValueError("A line break in the subject.")
    if words.isascii() and len(words) < _LINE and "=?" not in words:
        return words
    return Header(words, "utf-8", header_name="Subject").encode(linesep=_END)


@lru_cache(maxsize=256)  # a firm's invitations bear its name
def _mailbox(sender: str) -> str:
    """With a name that any reader decodes."""
    if "\n" in sender or "\r" in sender:
        raise ValueError("A line break in the sender.")
    return formataddr(parseaddr(sender))


def _text(subtype: str, text: str) -> bytes:
    lines = text.rstrip("\n").replace("\n", "\r\n") + "\r\n"
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + binascii.b2a_qp(lines.encode(), istext=True)


def _multipart(subtype: str, boundary: str, bodies: list[bytes]) -> bytes:
    """Boundaries of our own instead of random ones."""
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    line = f"--{boundary}".encode()
    return head + b"".join(line + b"\r\n" + body + b"\r\n" for body in bodies) + line + b"--\r\n"


def _attachment(attachment: Attachment) -> bytes:
    maintype, _, subtype = attachment.media_type.partition("/")
    part = MIMEPart(policy=_POLICY)
    with default_storage.open(attachment.stored_as) as file:
        part.set_content(
            file.read(),
            maintype=maintype,
            subtype=subtype or "octet-stream",
            filename=attachment.file_name,
            disposition="attachment",
        )
    return part.as_bytes()
