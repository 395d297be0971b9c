"""Reminding whom an invitation has not moved: run by beat, harmless when repeated, run twice at once or killed."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from clients.enums import ClientStatus
from common.journal import SYSTEM, record_each
from common.tenancy import tenant
from invitations.enums import InvitationState, ReminderDelay
from invitations.models import Invitation
from invitations.services.locking import lock_free_clients
from invitations.services.sending import send_all

#: Reminders per transaction, and per run of beat; the next run goes on.
_CHUNK: Final = 25
_LIMIT: Final = 500


def send_reminders() -> int:
    """
    Send again, with a new link as « Renvoyer » does, what has waited for the delay that its firm has set.

    A reminder and what says that it was sent are one transaction, under the lock of the client file: once for each
    time that it is due.
    """
    reminded = 0
    while reminded < _LIMIT:
        some = _remind_some()
        if not some:
            break
        reminded += some
    return reminded


def _remind_some() -> int:
    with tenant(platform="time passes for the invitations of every firm"):
        due = _due()
        clients = lock_free_clients(due.order_by("renewed_at").values_list("client", flat=True)[:_CHUNK])
        found = list(due.filter(client__in=list(clients)))  # those still due, now that their files are held
        for invitation in found:
            invitation.reminders += 1
        sent, refused = send_all([(each, clients[each.client_id]) for each in found], reminder=True)
        record_each(SYSTEM, "invitation.reminded", ((client, {"email": each.email}) for each, client in sent))
        # An address that no mail can be written to is not due again at once.
        Invitation.objects.filter(client__in=list(refused), pk__in=[each.pk for each in found]).update(
            reminders=F("reminders") + 1
        )
    return len(found)


def _due() -> QuerySet[Invitation]:
    """Invitations that arrived, still lead somewhere, and are older than their firm's delay."""
    now = timezone.now()
    delays = [delay for delay in ReminderDelay if delay]
    waited = [
        Q(firm__invitation_settings__reminder_days=delay, renewed_at__lte=now - timedelta(days=delay))
        for delay in delays
    ]
    return Invitation.objects.filter(
        reduce(or_, waited),
        state__in=(InvitationState.SENT, InvitationState.OPENED),
        expires_at__gt=now,
        reminders__lt=F("firm__invitation_settings__max_reminders"),
        client__status=ClientStatus.INVITED,
        email__iexact=F("client__contact_email"),
    )
