"""Handing a message to the SMTP server that SMTP_URL names."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from django.conf import settings

from outbox.refusals import refusal_of

#: Seconds for each answer of the server; the row is locked meanwhile.
TIMEOUT = 10
_TAKEN: Final = (250, 251)
_CLOSING: Final = 421
_PORTS: Final = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """`smtp://` in clear, `smtp+tls://` by STARTTLS, `smtp+ssl://` or `smtps://` in TLS from the first byte."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @classmethod
    def of_url(cls, url: str) -> Self:
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "localhost",
            port=parts.port or _PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class Line:
    """
    A connection to the mail server, kept from message to message. It is opened with the first one, and again where the
    server has closed it meanwhile; a server that does not answer is asked once.
    """

    def __init__(self) -> None:
        self._connection: smtplib.SMTP | None = None
        self._away: smtplib.SMTPException | OSError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._connection is not None:
            # What it took has left: a clumsy goodbye changes nothing.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.quit()

    @property
    def is_down(self) -> bool:
        """The server did not answer: whatever else is handed over fails as that did."""
        return self._away is not None

    def hand_over(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Return once the server took the message (its 250). Raises an outbox.refusals.DeliveryError."""
        try:
            connection = self._begin(sender, size=len(message))
            # By docmd: smtplib's own mail() and rcpt() parse each address again, at the price of their answers.
            code, said = connection.docmd("RCPT", f"TO:<{recipient}>")
            if code not in _TAKEN:
                raise smtplib.SMTPRecipientsRefused({recipient: (code, said)})
            code, said = connection.data(message)
            if code not in _TAKEN:
                raise smtplib.SMTPDataError(code, said)
        except (smtplib.SMTPException, OSError) as error:
            self._recover()
            raise refusal_of(error) from error
        except ValueError:  # an address that no command may carry
            self._recover()
            raise

    def _begin(self, sender: str, *, size: int) -> smtplib.SMTP:
        """The connection, once it took the sender. Servers close a line that was idle for long or has carried many."""
        kept = self._connection is not None
        connection = self._connection or self._open()
        size_told = f" SIZE={size}" if connection.has_extn("size") else ""
        try:
            code, said = connection.docmd("MAIL", f"FROM:<{sender}>{size_told}")
        except (smtplib.SMTPException, OSError):
            if not kept:
                raise
            code, said = _CLOSING, b""
        if code == _CLOSING and kept:
            self._drop()
            return self._begin(sender, size=size)
        if code not in _TAKEN:
            raise smtplib.SMTPSenderRefused(code, said, sender)
        return connection

    def _open(self) -> smtplib.SMTP:
        if self._away is not None:
            raise self._away
        try:
            self._connection = _connect(Server.of_url(settings.SMTP_URL))
        except (smtplib.SMTPException, OSError) as error:
            self._away = error
            raise
        return self._connection

    def _recover(self) -> None:
        """After a refusal: RSET, so that the next message begins anew; a new connection where that does not help."""
        try:
            if self._connection is not None and self._connection.rset()[0] not in _TAKEN:
                self._drop()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _connect(server: Server) -> smtplib.SMTP:
    # Named, because smtplib would ask the DNS for this machine's name at each connection.
    name = urlsplit(settings.SITE_URL).hostname
    if server.scheme in ("smtp+ssl", "smtps"):
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=TIMEOUT)
    try:
        if server.scheme == "smtp+tls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        connection.ehlo_or_helo_if_needed()
    except BaseException:
        connection.close()
        raise
    return connection
