"""The messages: a Maildir is the only state, so that a restart loses nothing."""

import mailbox
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

# An address in running text, without the punctuation that follows it.
_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)»]")


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Message:
    """One message as it was delivered. `recipients` are the envelope's, Bcc included."""

    id: str
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    to_header: str
    subject: str
    message_id: str
    text: str
    html: str
    links: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    headers: tuple[tuple[str, str], ...]
    path: Path

    def raw(self) -> bytes:
        return self.path.read_bytes()

    def attachment_content(self, number: int) -> bytes:
        return _content(list(_parse(self.raw()).iter_attachments())[number])

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "received_at": self.received_at.isoformat(),
            "from": self.sender,
            "to": list(self.recipients),
            "subject": self.subject,
            "message_id": self.message_id,
            "text": self.text,
            "html": self.html,
            "links": list(self.links),
            "attachments": [
                {
                    "name": attachment.name,
                    "content_type": attachment.content_type,
                    "size": attachment.size,
                    "url": f"/messages/{self.id}/attachments/{number}",
                }
                for number, attachment in enumerate(self.attachments)
            ],
            "headers": [list(pair) for pair in self.headers],
        }


class MailStore:
    """Reads and writes one Maildir."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        mailbox.Maildir(folder, create=True)

    def add(self, content: bytes, *, sender: str, recipients: list[str]) -> str:
        """Write one message and answer its id. The envelope goes on top of it, as delivery agents do."""
        envelope = [f"Return-Path: <{sender}>", *(f"Delivered-To: {recipient}" for recipient in recipients)]
        text = "\n".join(envelope).encode() + b"\n" + content.replace(b"\r\n", b"\n")
        return mailbox.Maildir(self._folder).add(text)

    def messages(self, *, to: str | None = None) -> list[Message]:
        """Answer the messages, newest first; only those that reached the address `to` where it is given."""
        paths = [path for name in ("new", "cur") for path in (self._folder / name).iterdir()]
        found = [message for path in paths if (message := _load_or_none(path))]
        if to is not None:
            found = [message for message in found if to.lower() in map(str.lower, message.recipients)]
        return sorted(found, key=lambda message: (message.received_at, message.id), reverse=True)

    def message(self, identifier: str) -> Message | None:
        names = (path for folder in ("new", "cur") for path in (self._folder / folder).iterdir())
        return next((_load_or_none(path) for path in names if _identifier(path) == identifier), None)

    def clear(self) -> None:
        mailbox.Maildir(self._folder).clear()


def _identifier(path: Path) -> str:
    # A mail reader that opens the Maildir adds flags after a colon.
    return path.name.partition(":")[0]


def _load_or_none(path: Path) -> Message | None:
    try:
        return _load(path)
    except FileNotFoundError:  # cleared, or moved by a mail reader, since the folder was listed
        return None


@lru_cache(maxsize=5000)
def _load(path: Path) -> Message:
    """Read one file. A Maildir's files never change, so each is read once; attachments are left on disk."""
    parsed = _parse(path.read_bytes())
    text, html = _body(parsed, "plain"), _body(parsed, "html")
    return Message(
        id=_identifier(path),
        received_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        sender=_header(parsed, "From"),
        recipients=tuple(str(value) for value in parsed.get_all("Delivered-To", [])),
        to_header=_header(parsed, "To"),
        subject=_header(parsed, "Subject"),
        message_id=_header(parsed, "Message-ID"),
        text=text,
        html=html,
        links=tuple(dict.fromkeys([*_html_links(html), *_LINK.findall(text)])),
        attachments=tuple(_attachment(part) for part in parsed.iter_attachments()),
        headers=tuple((name, str(value)) for name, value in parsed.items()),
        path=path,
    )


def _parse(raw: bytes) -> EmailMessage:
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, ""))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content(errors="replace"))
    except LookupError:  # a charset that nobody knows
        return _content(part).decode(errors="replace")


def _attachment(part: Any) -> Attachment:
    return Attachment(part.get_filename() or "sans-nom", part.get_content_type(), len(_content(part)))


def _content(part: Any) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href") or ""
        if tag == "a" and target.startswith(("http://", "https://")):
            self.found.append(target)


def _html_links(html: str) -> list[str]:
    parser = _Links()
    parser.feed(html)
    return parser.found
