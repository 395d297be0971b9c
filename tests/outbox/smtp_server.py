"""A real SMTP server on loopback, in a thread, that answers what a test tells it to."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass
class Recorder:
    """What arrived, and the answers to give: to RCPT by address, else to MAIL FROM, else to the data."""

    url: str = ""
    raw: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    to_recipient: dict[str, str] = field(default_factory=dict)
    to_sender: str = "250 OK"
    to_data: str = "250 OK"
    #: Messages after which a connection is told 421, or cut off without a word.
    most_per_connection: int = 1000
    cuts: bool = False
    #: Messages begun on each connection, by the address that it came from.
    connections: dict[object, int] = field(default_factory=dict)
    #: Called once a message is kept and before its 250 goes out.
    before_answer: Callable[[], None] = lambda: None

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]

    @property
    def last_text(self) -> str:
        """What the latest message says to those who read no HTML."""
        part = self.messages[-1].get_body(("plain",))
        assert part is not None
        return str(part.get_content())


class _Handler:
    """Apart from the recorder: aiosmtpd reads every attribute of its handler at each connection."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks handlers up by the command's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        begun = self._recorder.connections.get(session.peer, 0)
        if begun >= self._recorder.most_per_connection:
            if self._recorder.cuts:
                server.transport.abort()  # type: ignore[union-attr] # there is one
            return "421 4.7.0 Too many messages on this connection"
        self._recorder.connections[session.peer] = begun + 1
        envelope.mail_from = address
        return self._recorder.to_sender

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self._recorder.to_recipient:
            return self._recorder.to_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self._recorder.to_data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self._recorder.raw.append(envelope.content)
            self._recorder.senders.append(str(envelope.mail_from))
            await asyncio.to_thread(self._recorder.before_answer)
        return self._recorder.to_data


@contextmanager
def smtp_server() -> Iterator[Recorder]:
    recorder = Recorder()
    controller: Any = _AnyPort(_Handler(recorder), hostname="127.0.0.1", port=0)
    controller.start()
    recorder.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield recorder
    finally:
        controller.stop()


class _AnyPort(Controller):
    """Listens on any free port: aiosmtpd itself would ask for port 0 again when it checks that it answers."""

    def _create_server(self) -> Any:
        created = super()._create_server()

        async def listen() -> Any:
            server: Any = await created
            self.port = server.sockets[0].getsockname()[1]
            return server

        return listen()
