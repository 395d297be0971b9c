"""A message is a row of the caller's transaction, and may be taken back until it leaves."""

from collections.abc import Collection, Iterable
from email.utils import make_msgid
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.encoding import punycode

from common.tenancy import require_tenant
from common.work import wake
from outbox.enums import EmailState
from outbox.messages import address_of
from outbox.models import OutgoingEmail
from outbox.parts import Attachment, Parts

_MAX_SUBJECT = 300
_MAX_ADDRESS = 254
_MAX_NAME = 100
#: What a quoted name would have to escape.
_PLAIN = str.maketrans({'"': "'", "\\": "/"})


class InvalidAddressError(ValueError):
    """No mail can be written to this address."""


class Message(TypedDict):
    """
    It belongs to `firm_id` and `company_id`, which are the open tenant's unless given. `about` names what it is about
    in a higher room. `sender_name` is in whose name jefacture writes, `reply_to` where answers go.
    """

    kind: str
    recipient: str
    subject: str
    text: str
    html: NotRequired[str]
    about: NotRequired[UUID | None]
    firm_id: NotRequired[UUID | None]
    company_id: NotRequired[UUID | None]
    attachments: NotRequired[Iterable[Attachment]]
    sender_name: NotRequired[str]
    reply_to: NotRequired[str]


def write(**message: Unpack[Message]) -> OutgoingEmail:
    """A message for `leave`. Raises InvalidAddressError."""
    here = require_tenant()
    parts = Parts(text=message["text"], html=message.get("html", ""), attachments=tuple(message.get("attachments", ())))
    reply_to = message.get("reply_to", "")
    return OutgoingEmail(
        firm_id=message.get("firm_id") or here.firm,
        company_id=message.get("company_id") or here.company,
        kind=message["kind"],
        message_id=make_msgid(domain=address_of(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]),
        recipient=_checked(message["recipient"]),
        sender=_sender(message.get("sender_name", "")),
        reply_to=_checked(reply_to) if reply_to else "",
        subject=" ".join(message["subject"].split())[:_MAX_SUBJECT],
        sealed_body=parts.sealed(),
        about=message.get("about"),
        wake_at=timezone.now(),
    )


def leave(*emails: OutgoingEmail) -> None:
    """Leave messages in the caller's transaction, by one statement; they go once that commits."""
    OutgoingEmail.objects.bulk_create(emails)
    if emails:
        wake(emails[0])


def queue(**message: Unpack[Message]) -> OutgoingEmail:
    """Write one and leave it. Raises InvalidAddressError."""
    email = write(**message)
    leave(email)
    return email


def cancel(*, about: Collection[UUID]) -> int:
    """Take back the messages about these that have not left; one that is leaving at this moment still does."""
    waiting = OutgoingEmail.objects.filter(about__in=about, wake_at__isnull=False)
    ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
    return OutgoingEmail.objects.filter(pk__in=ids).update(
        state=EmailState.CANCELLED, wake_at=None, sealed_body=b"", last_error=""
    )


def hurry(pk: UUID) -> bool:
    """Try a message now that waits for its next try; False where it does not wait, or is leaving at this moment."""
    require_tenant()
    email = OutgoingEmail.claim(pk)
    if email is None or email.state != EmailState.RETRYING:
        return False
    email.wake_at = timezone.now()
    email.save(update_fields=["wake_at"])
    wake(email)
    return True


def _sender(name: str) -> str:
    """« Cabinet Durand via jefacture », from the address that receivers' servers know."""
    if not name:
        return settings.DEFAULT_FROM_EMAIL
    words = " ".join(name.translate(_PLAIN).split())[:_MAX_NAME]
    return f'"{words} via jefacture" <{address_of(settings.DEFAULT_FROM_EMAIL)}>'


def _checked(recipient: str) -> str:
    """The address as mail servers write it: a domain with accents by its ASCII name. Raises InvalidAddressError."""
    try:
        validate_email(recipient)
        local, _at, domain = recipient.rpartition("@")
        address = f"{local}@{punycode(domain)}"
    except (ValidationError, UnicodeError) as error:
        raise InvalidAddressError("Cette adresse e-mail n'est pas valable.") from error
    if not address.isascii() or len(address) > _MAX_ADDRESS:
        raise InvalidAddressError("Cette adresse e-mail n'est pas valable.")
    return address
