"""Giving invitations their links and messages: what inviting, renewing and reminding have in common."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client
from invitations.enums import InvitationState
from invitations.errors import InvitationError
from invitations.models import Invitation
from invitations.tokens import digest, link_of, new_token
from invitations.writing import write_message
from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from outbox.services import InvalidAddressError, cancel, leave, write

LIFETIME = timedelta(days=30)
_RENEWED: Final = (
    "token_sha256",
    "state",
    "renewed_at",
    "expires_at",
    "opened_at",
    "refusal",
    "words",
    "reminders",
)


def send_all(
    wanted: Sequence[tuple[Invitation, Client]], *, reminder: bool = False
) -> tuple[list[tuple[Invitation, Client]], dict[UUID, InvitationError]]:
    """
    Give each invitation a new link and leave its message, by as many statements for many as for one.

    In the caller's transaction, which holds the client files. Gives back those that were sent, and why the others
    were not, by client file. A token is nowhere but in its message.
    """
    now = timezone.now()
    sent, emails, refused = [], [], {}
    again = {invitation.pk for invitation, _client in wanted if invitation.token_sha256}
    for invitation, client in wanted:
        token = new_token()
        try:
            emails.append(_message(invitation, client, token, until=now + LIFETIME, reminder=reminder))
        except InvalidAddressError:
            refused[client.pk] = InvitationError(f"L'e-mail de contact « {invitation.email} » n'est pas valable.")
        else:
            _renew(invitation, token, now)
            sent.append((invitation, client))
    _save([invitation for invitation, _client in sent], again)
    leave(*emails)
    _set_invited((client for _invitation, client in sent), now)
    return sent, refused


def _renew(invitation: Invitation, token: str, now: datetime) -> None:
    invitation.token_sha256 = digest(token)
    invitation.state = InvitationState.QUEUED
    invitation.renewed_at, invitation.expires_at = now, now + LIFETIME
    invitation.opened_at, invitation.refusal = None, ""


def _save(invitations: Sequence[Invitation], again: Collection[UUID]) -> None:
    """The former messages of those sent again are taken back; the new ones are not left yet."""
    known = [invitation for invitation in invitations if invitation.pk in again]
    Invitation.objects.bulk_create([invitation for invitation in invitations if invitation.pk not in again])
    if known:
        cancel(about=[invitation.pk for invitation in known])
        Invitation.objects.bulk_update(known, _RENEWED)


def _message(invitation: Invitation, client: Client, token: str, *, until: datetime, reminder: bool) -> OutgoingEmail:
    """Raises InvalidAddressError."""
    message = write_message(client, link=link_of(token), expires_at=until, words=invitation.words, reminder=reminder)
    return write(
        kind=EmailKind.INVITATION,
        recipient=invitation.email,
        subject=message.subject,
        text=message.parts.text,
        html=message.parts.html,
        about=invitation.pk,
        firm_id=invitation.firm_id,
        sender_name=client.firm.sender,
        reply_to=client.firm.contact_email,
    )


def _set_invited(clients: Iterable[Client], now: datetime) -> None:
    changed = [client for client in clients if client.status != ClientStatus.INVITED]
    for client in changed:  # a file that was not changed is nobody's conflict
        client.status, client.updated_at = ClientStatus.INVITED, now
    Client.objects.filter(pk__in=[client.pk for client in changed]).update(status=ClientStatus.INVITED, updated_at=now)
