"""Sending what is due: one woken worker empties the table over one connection, at the pace that is allowed."""

from itertools import takewhile
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from django.db.models import F
from django.utils import timezone

from common.sealing import UnsealError
from common.tenancy import tenant
from common.work import LEASE, retry_delay, send
from outbox import pace
from outbox.enums import EmailState
from outbox.messages import build_message
from outbox.models import OutgoingEmail
from outbox.parts import Parts
from outbox.refusals import AddressRefusedError, LaterError, MessageRefusedError
from outbox.returns import return_address
from outbox.transport import Line

logger = structlog.get_logger(__name__)

#: With the delays of common.work: about a day and a half.
MAX_ATTEMPTS = 45
#: Messages whose attempt is counted by one commit.
_GROUP: Final = 50
#: Messages whose states are committed together, and the seconds after which those that left are, however few: what a
#: killed worker sends again, under the same Message-ID, is never more.
_TOGETHER: Final = 25
_TOGETHER_SECONDS: Final = 0.1
#: Seconds after which a worker turns to other work; the message that it leaves behind goes on.
_SHIFT: Final = 60.0
_WHY = "the outbox sends the mail of every tenant"


def send_due(first: UUID) -> None:
    """
    Send the message, then the others that are due, or say on their rows why not and when to try again.

    Harmless when repeated: a row that is done, or that another worker has, is not looked at, and nothing else is then.
    Killed between the server's 250 and our commit, a row is sent again: the same bytes, the same Message-ID.
    """
    end = monotonic() + _SHIFT
    with Line() as line:
        group = _begin_first(first) if pace.may_go() else []
        while group:
            _send_group(group, line, end=end)
            if monotonic() > end:
                _hand_on()
                return
            group = [] if line.is_down or not pace.may_go() else _begin_due()


def _begin_first(pk: UUID) -> list[OutgoingEmail]:
    with tenant(platform=_WHY):
        email = OutgoingEmail.claim(pk)
        if email is None or _sleeps(email):
            return []
        return _begin([email])


def _begin_due() -> list[OutgoingEmail]:
    with tenant(platform=_WHY):
        due = OutgoingEmail.objects.filter(wake_at__lte=timezone.now()).select_for_update(skip_locked=True)
        found = list(due.only("attempts", "last_error").order_by("wake_at")[: 1 if pace.is_limited() else _GROUP])
        return _begin(found)


def _begin(found: list[OutgoingEmail]) -> list[OutgoingEmail]:
    """
    Count the attempts, committed by themselves. What was tried before goes alone: a message that kills its worker
    takes no other's attempts with it.
    """
    group = found[:1] if found and found[0].attempts else list(takewhile(lambda email: not email.attempts, found))
    if group and group[0].attempts >= MAX_ATTEMPTS:
        _end(group[0], EmailState.FAILED, reason=group[0].last_error or "Trop de tentatives.")
        return []
    pks = [email.pk for email in group]
    OutgoingEmail.objects.filter(pk__in=pks).update(attempts=F("attempts") + 1, wake_at=timezone.now() + LEASE)
    return group


def _sleeps(email: OutgoingEmail) -> bool:
    """A message too many came, for a row whose next try is further off than the lease of an attempt."""
    return email.wake_at is not None and email.wake_at > timezone.now() + LEASE


def _send_group(group: list[OutgoingEmail], line: Line, *, end: float) -> None:
    attempt = group[0].attempts + 1
    pks = [email.pk for email in group]
    while pks and monotonic() < end:  # what a slow server leaves is due again when its lease has ended
        with tenant(platform=_WHY):
            pks = pks[_send_some(pks[:_TOGETHER], attempt, line) :]


def _send_some(pks: list[UUID], attempt: int, line: Line) -> int:
    """How many were handled; in the caller's transaction, which holds their rows while they leave."""
    # One that was taken back is gone; one that has another number is another worker's, since our lease has ended.
    found = OutgoingEmail.objects.select_for_update(skip_locked=True).filter(
        pk__in=pks, wake_at__isnull=False, attempts=attempt
    )
    emails = {email.pk: email for email in found}
    begun, sent = monotonic(), []
    handled = 0
    for pk in pks:
        handled += 1
        if pk in emails and _attempt(emails[pk], line):
            sent.append(pk)
        if monotonic() - begun > _TOGETHER_SECONDS:
            break
    OutgoingEmail.objects.filter(pk__in=sent).update(
        state=EmailState.SENT, wake_at=None, sealed_body=b"", last_error="", smtp_code=None, sent_at=timezone.now()
    )
    return handled


def _attempt(email: OutgoingEmail, line: Line) -> bool:
    """Whether the server took the message; otherwise its row says what became of it."""
    try:
        message = build_message(email, Parts.opened(bytes(email.sealed_body)))
        line.hand_over(message, sender=return_address(email), recipient=email.recipient)
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
        return True
    return False


def _put_off(email: OutgoingEmail, error: LaterError) -> None:
    if email.attempts >= MAX_ATTEMPTS:
        _end(email, EmailState.FAILED, reason=str(error), code=error.code)
        return
    email.state = EmailState.RETRYING
    email.wake_at = timezone.now() + retry_delay(email.attempts)
    email.last_error, email.smtp_code = str(error), error.code
    email.save(update_fields=["state", "wake_at", "last_error", "smtp_code"])


def _end(email: OutgoingEmail, state: EmailState, *, reason: str, code: int | None = None) -> None:
    """Nothing is left to do: the body goes too, since it may hold a link that lets somebody in."""
    email.state, email.wake_at, email.sealed_body = state, None, b""
    email.last_error, email.smtp_code = reason, code
    email.save(update_fields=["state", "wake_at", "sealed_body", "last_error", "smtp_code"])


def _hand_on() -> None:
    """The mail that is left waits behind the other work that waits for a worker."""
    with tenant(platform=_WHY):
        due = OutgoingEmail.objects.filter(wake_at__lte=timezone.now()).order_by("wake_at")
        pk = due.values_list("pk", flat=True).first()
    if pk is not None:
        send(OutgoingEmail.wake_task, str(pk))
