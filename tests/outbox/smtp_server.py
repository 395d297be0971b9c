"""A real SMTP server on loopback, in a thread, that answers what a test tells it to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Recorder:
    """What arrived, and the answers to give: by address to RCPT, else to MAIL FROM, else to the data."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.to_recipient: dict[str, str] = {}
        self.to_sender = "250 OK"
        self.to_data = "250 OK"
        #: Called once a message is kept and before its 250 goes out.
        self.before_answer: Callable[[], None] = lambda: None
        self.url = ""

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks handlers up by the command's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.to_recipient:
            return self.to_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.to_data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.raw.append(envelope.content)
            self.senders.append(str(envelope.mail_from))
            self.before_answer()
        return self.to_data


@contextmanager
def smtp_server(port: int = 0) -> Iterator[Recorder]:
    recorder = Recorder()
    controller: Any = _AnyPort(recorder, hostname="127.0.0.1", port=port)
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
