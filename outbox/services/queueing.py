"""A message is a row of the caller's transaction, and may be taken back until it leaves."""

from collections.abc import Iterable
from email.utils import make_msgid
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


class InvalidAddressError(ValueError):
    """No mail can be written to this address."""


def queue(
    *,
    kind: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    about: UUID | None = None,
    firm_id: UUID | None = None,
    company_id: UUID | None = None,
    attachments: Iterable[Attachment] = (),
) -> OutgoingEmail:
    """
    Leave a message in the caller's transaction; it goes once that commits.

    The row belongs to `firm_id` and `company_id`, which are the open tenant's unless given. `about` names what the
    message is about in a higher room. Raises InvalidAddressError.
    """
    here = require_tenant()
    recipient = _checked(recipient)
    sender = settings.DEFAULT_FROM_EMAIL
    email = OutgoingEmail(
        firm_id=firm_id or here.firm,
        company_id=company_id or here.company,
        kind=kind,
        message_id=make_msgid(domain=address_of(sender).rpartition("@")[2]),
        recipient=recipient,
        sender=sender,
        subject=" ".join(subject.split())[:_MAX_SUBJECT],
        sealed_body=Parts(text=text, html=html, attachments=tuple(attachments)).sealed(),
        about=about,
        wake_at=timezone.now(),
    )
    email.save(force_insert=True)
    wake(email)
    return email


def cancel(*, about: UUID) -> int:
    """Take back the messages about something that have not left; one that is leaving at this moment still does."""
    waiting = OutgoingEmail.objects.filter(about=about, wake_at__isnull=False)
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
