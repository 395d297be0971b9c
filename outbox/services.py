from collections.abc import Iterable
from email.utils import make_msgid
from uuid import UUID

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.encoding import punycode

from common.sealing import UnsealError
from common.tenancy import require_tenant, tenant
from common.work import LEASE, begin_attempt, retry_delay, wake
from outbox.enums import EmailState
from outbox.messages import address_of, build_message
from outbox.models import OutgoingEmail
from outbox.parts import Attachment, Parts
from outbox.refusals import AddressRefusedError, LaterError, MessageRefusedError
from outbox.transport import hand_over

logger = structlog.get_logger(__name__)

#: With the delays of common.work: about a day and a half.
MAX_ATTEMPTS = 45
_MAX_SUBJECT = 300
_MAX_ADDRESS = 254
_WHY = "the outbox sends the mail of every tenant"


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


def cancel(*, about: UUID) -> int:
    """Take back the messages about something that have not left; one that is leaving at this moment still does."""
    waiting = OutgoingEmail.objects.filter(about=about, wake_at__isnull=False)
    ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
    return OutgoingEmail.objects.filter(pk__in=ids).update(
        state=EmailState.CANCELLED, wake_at=None, sealed_body=b"", last_error=""
    )


def send_one(pk: UUID) -> None:
    """
    Send the message once, or say on its row why not and when to try again. Harmless when repeated.

    Killed between the server's 250 and our commit, the row is sent again: the same bytes, the same Message-ID.
    """
    with tenant(platform=_WHY):
        email = OutgoingEmail.claim(pk)
        if email is None or _sleeps(email):
            return
        if email.attempts >= MAX_ATTEMPTS:
            _end(email, EmailState.FAILED, reason=email.last_error or "Trop de tentatives.")
            return
        begin_attempt(email)
    with tenant(platform=_WHY):
        email = OutgoingEmail.claim(pk)
        if email is not None:
            _attempt(email)


def _sleeps(email: OutgoingEmail) -> bool:
    """A message too many came, for a row whose next try is further off than the lease that the sweeper gives."""
    return email.wake_at is not None and email.wake_at > timezone.now() + LEASE


def _attempt(email: OutgoingEmail) -> None:
    try:
        message = build_message(email, Parts.opened(bytes(email.sealed_body)))
        hand_over(message, sender=address_of(email.sender), recipient=email.recipient)
    except LaterError as error:
        _put_off(email, error)
    except AddressRefusedError as error:
        _end(email, EmailState.BOUNCED, reason=str(error), code=error.code)
    except MessageRefusedError as error:
        _end(email, EmailState.FAILED, reason=str(error), code=error.code)
    except UnsealError:
        _end(email, EmailState.FAILED, reason="Le contenu du message ne peut plus être ouvert.")
    except FileNotFoundError:
        _end(email, EmailState.FAILED, reason="Un fichier joint n'existe plus.")
    except ValueError:  # a header or an attachment that no mail may carry: it never will
        logger.exception("outbox.message_impossible", pk=str(email.pk))
        _end(email, EmailState.FAILED, reason="Ce message ne peut pas être écrit sous forme d'e-mail.")
    except Exception:  # the storage of attachments has errors of its own: the message waits for it
        logger.exception("outbox.attempt_failed", pk=str(email.pk))
        _put_off(email, LaterError("L'envoi a échoué pour une raison inattendue."))
    else:
        email.sent_at = timezone.now()
        _end(email, EmailState.SENT)


def _put_off(email: OutgoingEmail, error: LaterError) -> None:
    if email.attempts >= MAX_ATTEMPTS:
        _end(email, EmailState.FAILED, reason=str(error), code=error.code)
        return
    email.state = EmailState.RETRYING
    email.wake_at = timezone.now() + retry_delay(email.attempts)
    email.last_error, email.smtp_code = str(error), error.code
    email.save(update_fields=["state", "wake_at", "last_error", "smtp_code"])


def _end(email: OutgoingEmail, state: EmailState, *, reason: str = "", code: int | None = None) -> None:
    """Nothing is left to do: the body goes too, since it may hold a link that lets somebody in."""
    email.state, email.wake_at, email.sealed_body = state, None, b""
    email.last_error, email.smtp_code = reason, code
    email.save(update_fields=["state", "wake_at", "sealed_body", "last_error", "smtp_code", "sent_at"])
