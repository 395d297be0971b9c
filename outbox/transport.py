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


def hand_over(message: bytes, *, sender: str, recipient: str) -> None:
    """Return once the server took the message (its 250). Raises an outbox.refusals.DeliveryError."""
    try:
        connection = _connect(Server.of_url(settings.SMTP_URL))
    except (smtplib.SMTPException, OSError) as error:
        raise refusal_of(error) from error
    try:
        connection.sendmail(sender, [recipient], message)
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        raise refusal_of(error) from error
    with contextlib.suppress(smtplib.SMTPException, OSError):  # the message has left: a clumsy goodbye changes nothing
        connection.quit()


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
    except BaseException:
        connection.close()
        raise
    return connection
