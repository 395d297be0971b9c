"""Django's EMAIL_BACKEND: what allauth and Django send becomes rows like every other message."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from common.tenancy import Tenant, current_tenant, tenant
from common.typography import french
from outbox.enums import EmailKind
from outbox.messages import address_of
from outbox.services import queue


class OutboxBackend(BaseEmailBackend):
    """One row per recipient; bytes are never attached to a row, so a message with attachments is a mistake."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if current_tenant() != Tenant():
            return sum(_queue(message) for message in email_messages)
        with tenant(platform="a message about an account is sent before any tenant is known"):
            return sum(_queue(message) for message in email_messages)


def _queue(message: EmailMessage) -> int:
    if message.attachments:
        raise ValueError("Attach stored files by outbox.services.queue; this backend carries text and HTML only.")
    recipients = message.recipients()
    for recipient in recipients:
        queue(
            kind=EmailKind.ACCOUNT,
            recipient=address_of(recipient),
            subject=str(message.subject),
            text=french(str(message.body)),
            html=french(_html_of(message)),
        )
    return int(bool(recipients))


def _html_of(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")
