"""
The SMTP server: return addresses that we signed, and the companies' own addresses that take invoices; no other.

It never answers by mail. What it says « 250 » to is stored and committed; where that failed it says « later ».
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, connection

from invoices.models import Mailbox
from invoices.selectors.mailboxes import mailbox_at
from invoices.services.mail_intake import MailboxFullError, take_message
from outbox.reports import read_report
from outbox.returns import email_behind
from outbox.services.returning import note_return

T = TypeVar("T")

logger = structlog.get_logger(__name__)
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd repeats each command, addresses and all

#: Some 28 MB of files, as text.
_MAX_BYTES: Final = 40_000_000
_MAX_HOPS: Final = 50
_SECONDS: Final = 60.0

_TAKEN: Final = "250 2.6.0 Ok"
_LATER: Final = "451 4.3.0 Try again later"


@dataclass(frozen=True, slots=True)
class _Returned:
    """The return address of one of our own messages."""

    email: UUID


class MailHandler:
    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks handlers up by the command's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        try:
            behind = await asyncio.to_thread(_then_close, lambda: _behind(address))
        except DatabaseError:
            logger.exception("mail.not_looked_up")
            return _LATER
        if behind is None:
            return "550 5.1.1 No such address here"
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"  # LMTP would want an answer for each
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)  # noqa: S101 - aiosmtpd decodes only where it is asked to
        if content[:100_000].lower().count(b"\nreceived:") > _MAX_HOPS:
            return "554 5.4.6 Too many hops: this message runs in a loop"
        sender, recipient = (envelope.mail_from or "").strip("<>"), envelope.rcpt_tos[0]
        try:
            return await asyncio.to_thread(_then_close, lambda: _take(content, sender, recipient))
        except Exception:  # of the database or the storage, each with errors of its own: nothing was promised yet
            logger.exception("mail.not_taken")
            return _LATER


def make_server(url: str) -> Any:
    """What `loop.create_server` makes each connection of; `url` begins with smtp:// or lmtp://."""
    kind = LMTP if urlsplit(url).scheme == "lmtp" else SMTP
    return lambda: kind(
        MailHandler(),
        hostname=settings.BOUNCE_DOMAIN or settings.INVOICE_MAIL_DOMAIN,
        ident="jefacture",
        data_size_limit=_MAX_BYTES,
        timeout=_SECONDS,
        enable_SMTPUTF8=True,
    )


def _behind(address: str) -> _Returned | Mailbox | None:
    email = email_behind(address)
    return _Returned(email) if email is not None else mailbox_at(address)


def _take(content: bytes, sender: str, recipient: str) -> str:
    behind = _behind(recipient)  # again: an address may have been renewed since
    if behind is None:
        return "550 5.1.1 No such address here"
    if isinstance(behind, _Returned):
        return _note(behind.email, content, sender)
    try:
        taken = take_message(behind, content=content, envelope_sender=sender)
    except MailboxFullError:
        return "452 4.2.2 Too many messages wait here: try again later"
    logger.info("mail.taken", mailbox=str(behind.pk), parcel=str(taken.pk) if taken else "", bytes=len(content))
    return _TAKEN


def _note(email: UUID, content: bytes, sender: str) -> str:
    report = read_report(content, sender=sender)
    noted = report is not None and note_return(email, report)
    logger.info("mail.returned", email=str(email), status=report.status if report else "", noted=noted)
    return _TAKEN


def _then_close(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connection.close()  # this thread may not be asked again for hours
