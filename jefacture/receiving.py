"""The SMTP server that mail comes back to: return addresses that we signed alone, and never a mail in answer."""

import asyncio
import logging
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, connection

from outbox.reports import read_report
from outbox.returns import email_behind
from outbox.services.returning import note_return

logger = structlog.get_logger(__name__)
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd repeats each command, addresses and all

#: The largest message that we send, as text, with what a report adds to it.
_MAX_BYTES: Final = 25_000_000
_MAX_HOPS: Final = 50
_SECONDS: Final = 60.0


class ReturnHandler:
    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks handlers up by the command's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if email_behind(address) is None:
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
        try:
            await asyncio.to_thread(_note, content, (envelope.mail_from or "").strip("<>"), envelope.rcpt_tos[0])
        except DatabaseError:
            logger.exception("mail.not_noted")
            return "451 4.3.0 Try again later"
        return "250 2.6.0 Ok"


def make_server(url: str) -> Any:
    """What `loop.create_server` makes each connection of; `url` begins with smtp:// or lmtp://."""
    kind = LMTP if urlsplit(url).scheme == "lmtp" else SMTP
    return lambda: kind(
        ReturnHandler(),
        hostname=settings.BOUNCE_DOMAIN,
        ident="jefacture",
        data_size_limit=_MAX_BYTES,
        timeout=_SECONDS,
        enable_SMTPUTF8=True,
    )


def _note(content: bytes, sender: str, recipient: str) -> None:
    pk, report = email_behind(recipient), read_report(content, sender=sender)
    try:
        noted = pk is not None and report is not None and note_return(pk, report)
        logger.info("mail.returned", email=str(pk), status=report.status if report else "", noted=noted)
    finally:
        connection.close()  # this thread may not be asked again for hours
