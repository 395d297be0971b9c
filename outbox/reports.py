"""What mail that comes back says: whether a message was given up for good, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Final

#: What is read of a report; the message that it returns may follow, with its attachments.
_READ: Final = 512 * 1024
_TEXT: Final = 6_000

_STATUS: Final = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_PERMANENT_ANSWER: Final = re.compile(r"(?<![\d.])(5[0-5]\d)[ -]\s*(?:#?(5\.\d{1,3}\.\d{1,3})\b)?.*")
_PERMANENT_STATUS: Final = re.compile(r"(?<![\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])")
_STILL_TRIED: Final = re.compile(
    r"will (?:be retried|keep trying|continue to try|retry)|warning message|delayed|not yet been delivered"
    r"|no action is required|nouvelle tentative|sera retent|retard",
    re.IGNORECASE,
)
_ROBOTS: Final = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mdaemon"})
# Where the copy of our own message begins.
_COPY: Final = re.compile(r"^-{3,}|^_{5,}|^(?:Return-Path|Received|Message-ID):", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Report:
    """A message that was given up: its enhanced status code (« 5.1.1 ») and the server's words, each may be empty."""

    status: str
    said: str


def read_report(content: bytes, *, sender: str) -> Report | None:
    """
    The report that `content` is; None for all else: delays, receipts, holiday replies, what a person answers.

    `sender` is the envelope's, empty for reports (RFC 5321). Understands RFC 3464, and the text of servers that write
    no such part, where nothing speaks against it.
    """
    message = message_from_bytes(content[:_READ], policy=policy.default)
    fields = list(_delivery_fields(message))
    if fields:
        return next(filter(None, map(_of_fields, fields)), None)
    if message.get_content_type() == "multipart/report" or _is_reply(message) or not _is_robot(message, sender):
        return None
    return _of_text(message)


def _delivery_fields(message: Message) -> Iterator[Message]:
    """The groups of fields of each message/delivery-status part; the first is about the message as a whole."""
    for part in message.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            groups = part.get_payload()
            yield from (group for group in groups if isinstance(group, Message)) if isinstance(groups, list) else ()


def _of_fields(group: Message) -> Report | None:
    action = str(group.get("Action", "")).strip().lower()
    found = _STATUS.search(str(group.get("Status", "")))
    status = found.group() if found else ""
    if action != "failed" and not (action == "" and status.startswith("5.")):
        return None  # delayed, delivered, relayed, expanded
    kind, _, said = str(group.get("Diagnostic-Code", "")).partition(";")
    said = " ".join((said or kind).split())
    # « 5.0.0 » says nothing; the server's own words often hold the exact code.
    exact = _PERMANENT_STATUS.search(said)
    return Report(status=exact.group() if exact and status in ("", "5.0.0") else status, said=said)


def _is_reply(message: EmailMessage | Message) -> bool:
    """Written by a program or a person in answer to the message, which therefore arrived."""
    automatic = str(message.get("Auto-Submitted", "")).strip().lower()
    return (automatic.startswith("auto-replied") and "failed" not in str(message.get("Subject", "")).lower()) or any(
        name in message for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "List-Id")
    )


def _is_robot(message: EmailMessage | Message, sender: str) -> bool:
    author = str(message.get("From", "")).lower()
    known = any(f"{name}@" in author for name in _ROBOTS)
    return known and (sender == "" or sender.partition("@")[0].lower() in _ROBOTS)


def _of_text(message: EmailMessage | Message) -> Report | None:
    text = _first_text(message)
    answer, status = _PERMANENT_ANSWER.search(text), _PERMANENT_STATUS.search(text)
    if _STILL_TRIED.search(text) or not (answer or status):
        return None
    said = answer.group() if answer else text[status.start() :].partition("\n")[0] if status else ""
    return Report(status=status.group() if status else "", said=" ".join(said.split()))


def _first_text(message: EmailMessage | Message) -> str:
    """What the server wrote, without the copy of our message below it."""
    part = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
    if not isinstance(part, EmailMessage):
        return ""
    try:
        text = str(part.get_content(errors="replace"))
    except (LookupError, ValueError):  # a charset that nobody knows
        return ""
    return _COPY.split(text[:_TEXT], maxsplit=1)[0]
