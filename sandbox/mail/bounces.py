"""A message that comes back: the report that a mail server would write (RFC 3464), sent to its return address."""

import smtplib
from typing import Final
from urllib.parse import quote

from sandbox.mail.store import MailStore, Message
from sandbox.web import LOOPBACK, App, Request, Response

CHOICES: Final = {
    "unknown": "adresse inconnue",
    "full": "boîte pleine",
    "spam": "refus du serveur",
    "delayed": "retard (n’est pas un rebond)",
}
_FIELDS: Final = {
    "unknown": ("failed", "5.1.1", "550 5.1.1 User unknown in virtual mailbox table"),
    "full": ("failed", "5.2.2", "552 5.2.2 Mailbox full"),
    "spam": ("failed", "5.7.1", "554 5.7.1 Message refused by policy"),
    "delayed": ("delayed", "4.4.1", "connect to mx.sandbox.test: Connection timed out"),
}
_BOUNDARY: Final = "=_sandbox"


def serve_bounces(app: App, store: MailStore, *, port: int) -> None:
    @app.route("POST", "/messages/{identifier}/rebond")
    def bounce(request: Request, identifier: str) -> Response:
        message = store.message(identifier)
        kind = request.form.get("kind", "unknown")
        if message is None or kind not in _FIELDS:
            return Response(b"", 404)
        return Response(b"", 303, [("Location", f"/?note={quote(_send_back(message, kind, port=port))}")])


def _send_back(message: Message, kind: str, *, port: int) -> str:
    """What became of it, for the page."""
    target = next((value for name, value in message.headers if name == "Return-Path"), "").strip("<> ")
    try:
        with smtplib.SMTP(LOOPBACK, port, local_hostname="mx.sandbox.test", timeout=10) as connection:
            connection.sendmail("", [target], _report(message, kind, target=target))
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return f"L’adresse de retour est refusée\u00a0: {code} {said.decode(errors='replace')}"
    except (smtplib.SMTPException, OSError) as error:
        return f"Le rebond n’a pas pu être remis ({type(error).__name__})."
    return f"«\u00a0{message.subject}\u00a0» est revenu à {target}."


def _report(message: Message, kind: str, *, target: str) -> bytes:
    """As Postfix writes it."""
    action, status, diagnostic = _FIELDS[kind]
    recipient = message.recipients[0] if message.recipients else "inconnu@sandbox.test"
    subject = "Delayed Mail (still being retried)" if action == "delayed" else "Undelivered Mail Returned to Sender"
    lines = f"""From: MAILER-DAEMON@mx.sandbox.test (Mail Delivery System)
To: {target}
Subject: {subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{_BOUNDARY}"

--{_BOUNDARY}
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.sandbox.test.

<{recipient}>: {diagnostic}

--{_BOUNDARY}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.sandbox.test

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--{_BOUNDARY}
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Message-ID: {message.message_id}

--{_BOUNDARY}--
"""
    return lines.replace("\n", "\r\n").encode("utf-8", "replace")
