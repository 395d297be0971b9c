"""The MIME message of a row: made again, it is the same to the byte."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.core.files.storage import default_storage
from django.utils import timezone

from outbox.models import OutgoingEmail
from outbox.parts import Parts

# Quoted-printable and encoded words: any server takes it, with or without 8BITMIME and SMTPUTF8.
_POLICY = policy.SMTP.clone(cte_type="7bit")


def build_message(email: OutgoingEmail, parts: Parts) -> bytes:
    """
    The message as it goes over the wire.

    Raises FileNotFoundError when an attached file is gone from the storage, ValueError on a header that no mail
    may carry (a line break in it).
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = email.sender
    message["To"] = email.recipient
    message["Subject"] = email.subject
    message["Date"] = format_datetime(timezone.localtime(email.created_at))
    message["Message-ID"] = email.message_id
    # No holiday reply wanted (RFC 3834), from programs that read the one header or the other.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(parts.text, charset="utf-8", cte="quoted-printable")
    if parts.html:
        message.add_alternative(parts.html, subtype="html", charset="utf-8", cte="quoted-printable")
    for attachment in parts.attachments:
        maintype, _, subtype = attachment.media_type.partition("/")
        with default_storage.open(attachment.stored_as) as file:
            message.add_attachment(
                file.read(), maintype=maintype, subtype=subtype or "octet-stream", filename=attachment.file_name
            )
    message["Content-Language"] = "fr"  # last: what is added before would move it into the first part
    _fix_boundaries(message, email)
    return message.as_bytes()


def address_of(mailbox: str) -> str:
    """« jefacture <a@b.fr> » → « a@b.fr »."""
    return parseaddr(mailbox)[1]


def _fix_boundaries(message: EmailMessage, email: OutgoingEmail) -> None:
    """Boundaries of our own instead of random ones."""
    multiparts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_{email.pk.hex}_{number}")
