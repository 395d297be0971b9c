"""What time and the mail server make of invitations; run by beat, harmless when repeated."""

from typing import TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django_stubs_ext import WithAnnotations

from clients.enums import ClientStatus
from clients.models import Client
from common.journal import SYSTEM, record
from common.tenancy import tenant
from invitations.enums import OPEN_STATES, InvitationState
from invitations.models import Invitation
from invitations.services.course import move
from invitations.services.locking import lock_free_clients
from outbox.enums import UNDELIVERED_STATES, EmailKind, EmailState
from outbox.models import OutgoingEmail

#: Invitations per transaction and sweep; the next sweep goes on.
_LIMIT = 500


def expire_invitations() -> int:
    """Open invitations past their date become « Expirée », and their client files « Invitation expirée »."""
    with tenant(platform="time passes for the invitations of every firm"):
        due = Invitation.objects.filter(state__in=OPEN_STATES, expires_at__lte=timezone.now())
        found = _lock(due)
        for invitation, client in found:
            invitation.state = InvitationState.EXPIRED
            invitation.save(update_fields=["state"])
            move(client, ClientStatus.EXPIRED, of=(ClientStatus.INVITED,))
            record(SYSTEM, "invitation.expired", client, firm=client.firm_id, email=invitation.email)
    return len(found)


def follow_mail() -> int:
    """What became of the messages: « Envoyée », or « Rejetée » and the client file « E-mail rejeté »."""
    with tenant(platform="the mail of every firm's invitations is followed"):
        _note_sent()
        found = _lock(_undelivered())
        for invitation, client in found:
            _note_refusal(invitation, client)
    return len(found)


class _Mail(TypedDict):
    mail_state: str
    mail_error: str


def _with_mail(invitations: QuerySet[Invitation]) -> "QuerySet[WithAnnotations[Invitation, _Mail]]":
    """Adds the state and error of the latest message: an older link's refusal says nothing of the present one."""
    latest = OutgoingEmail.objects.filter(kind=EmailKind.INVITATION, about=OuterRef("pk")).order_by("-created_at")
    return invitations.annotate(
        mail_state=Subquery(latest.values("state")[:1]), mail_error=Subquery(latest.values("last_error")[:1])
    )


def _note_sent() -> None:
    queued = _with_mail(Invitation.objects.filter(state=InvitationState.QUEUED))
    sent = list(queued.filter(mail_state=EmailState.SENT).values_list("pk", "token_sha256")[:_LIMIT])
    # The link is compared too: an invitation sent again since then is « En file » once more.
    Invitation.objects.filter(
        pk__in=[pk for pk, _ in sent], token_sha256__in=[token for _, token in sent], state=InvitationState.QUEUED
    ).update(state=InvitationState.SENT)


def _undelivered() -> "QuerySet[WithAnnotations[Invitation, _Mail]]":
    refused = OutgoingEmail.objects.filter(kind=EmailKind.INVITATION, state__in=UNDELIVERED_STATES)
    invitations = Invitation.objects.filter(state__in=OPEN_STATES, pk__in=refused.values("about"))
    return _with_mail(invitations).filter(mail_state__in=UNDELIVERED_STATES)


def _note_refusal(invitation: Invitation, client: Client) -> None:
    invitation.state = InvitationState.BOUNCED
    invitation.refusal = getattr(invitation, "mail_error", "") or "L'e-mail n'a pas pu être remis."
    invitation.save(update_fields=["state", "refusal"])
    move(client, ClientStatus.BOUNCED, of=(ClientStatus.INVITED,))
    record(
        SYSTEM,
        "invitation.bounced",
        client,
        firm=client.firm_id,
        email=invitation.email,
        reason=invitation.refusal,
    )


def _lock(wanted: QuerySet[Invitation]) -> list[tuple[Invitation, Client]]:
    """Those still wanted once their client files are held; the others are busy, and the next sweep finds them."""
    clients = lock_free_clients(wanted.values_list("client", flat=True)[:_LIMIT])
    return [(invitation, clients[invitation.client_id]) for invitation in wanted.filter(client__in=list(clients))]
