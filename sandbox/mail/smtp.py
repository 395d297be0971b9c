"""The SMTP side: everything is accepted, but for two kinds of address that show a failure."""

import asyncio
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.mail.store import MailStore
from sandbox.web import LOOPBACK

_MAX_BYTES = 50 * 1024 * 1024


class SinkHandler:
    """`rejet…@` is refused for good; `plustard…@` is asked to come back once, then accepted."""

    def __init__(self, store: MailStore) -> None:
        self._store = store
        self._told_to_wait: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks handlers up by the command's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        local_part = address.lower()
        if local_part.startswith("rejet"):
            return "550 5.1.1 Recipient address rejected: user unknown"
        if local_part.startswith("plustard") and local_part not in self._told_to_wait:
            self._told_to_wait.add(local_part)
            return "451 4.7.1 Greylisted, please try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks handlers up by the command's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        store = self._store.add
        sender, recipients = envelope.mail_from or "", list(envelope.rcpt_tos)
        identifier = await asyncio.to_thread(store, content, sender=sender, recipients=recipients)
        return f"250 2.0.0 Ok: queued as {identifier}"


def make_controller(store: MailStore, port: int) -> Any:
    """Answer the controller whose `start()` listens in a thread of its own."""
    return Controller(
        SinkHandler(store),
        hostname=LOOPBACK,
        port=port,
        ident="jefacture sandbox",
        server_hostname="sandbox.test",
        data_size_limit=_MAX_BYTES,
        enable_SMTPUTF8=True,
    )
