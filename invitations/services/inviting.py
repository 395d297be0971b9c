"""Sending an invitation, sending it again, taking it back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client
from common.journal import SYSTEM, record
from common.permissions import require
from common.tenancy import tenant
from firms.models import Membership
from invitations.enums import RENEWABLE_STATES, InvitationState
from invitations.errors import (
    AlreadyActiveError,
    ArchivedClientError,
    InvitationError,
    NoAddressError,
    WaitsForOwnerError,
)
from invitations.models import Invitation
from invitations.permissions import can_invite_client
from invitations.selectors import settings_of
from invitations.services.course import move
from invitations.services.locking import lock_client, lock_invitation
from invitations.tokens import digest, link_of, new_token
from invitations.writing import write_message
from outbox.enums import EmailKind
from outbox.services import InvalidAddressError, cancel, queue

LIFETIME = timedelta(days=30)
#: What the invitation's own course made of a client file; revoking gives « Créé » back.
_INVITED = (ClientStatus.INVITED, ClientStatus.EXPIRED, ClientStatus.BOUNCED)
_WHY = "an invitation's link names no firm until it is looked up"


def invite(actor: Membership, *, client: Client, words: str | None = None) -> Invitation:
    """
    Send the client an invitation, or send it again: the link is renewed, the invitation stays the same.

    `words` are the firm's own, those of its settings unless given. A new address makes a new invitation; the links of
    a former address let nobody in and cannot be renewed any more. Raises InvitationError.
    """
    require(can_invite_client(actor, client), "Vous ne pouvez pas inviter ce client.")
    with tenant(firm=actor.firm_id):
        locked = lock_client(client.pk)
        _check_can_be_invited(locked)
        invitation = _renewable(locked)
        again = invitation is not None
        if invitation is None:
            _revoke_former(locked)
            invitation = Invitation(firm_id=locked.firm_id, client=locked, email=locked.contact_email, created_by=actor)
        invitation.words = settings_of(actor.firm_id).words if words is None else words
        _send_anew(invitation, locked)
        record(actor, "invitation.renewed" if again else "invitation.created", locked, email=invitation.email)
    return invitation


def revoke(actor: Membership, *, invitation: Invitation) -> None:
    """The link stops working at once. Harmless when the invitation is over already."""
    require(can_invite_client(actor, invitation.client), "Vous ne pouvez pas révoquer cette invitation.")
    with tenant(firm=actor.firm_id):
        client = lock_client(invitation.client_id)
        locked = lock_invitation(invitation.pk)
        if locked.state not in RENEWABLE_STATES:
            return
        _close(locked, InvitationState.REVOKED)
        move(client, ClientStatus.CREATED, of=_INVITED)
        record(actor, "invitation.revoked", client, email=locked.email)


def renew_expired(token: str) -> None:
    """
    « Recevoir un nouveau lien »: to the address first invited, when the link only grew too old and the firm still
    has that address on the client's file.

    Says nothing of what it found: the answer is the same for an unknown, revoked or used link.
    """
    with transaction.atomic():
        with tenant(platform=_WHY):
            found = Invitation.objects.filter(token_sha256=digest(token)).values_list("pk", "client", "firm").first()
        if found is None:
            return
        pk, client_pk, firm_pk = found
        with tenant(firm=firm_pk):
            client = lock_client(client_pk)
            invitation = lock_invitation(pk)
            if invitation.token_sha256 == digest(token) and _may_be_renewed(invitation, client):
                _send_anew(invitation, client)
                record(SYSTEM, "invitation.renewed", client, email=invitation.email)


def _may_be_renewed(invitation: Invitation, client: Client) -> bool:
    too_old = invitation.state in RENEWABLE_STATES and not invitation.is_open
    return too_old and client.status in _INVITED and _is_for(invitation, client.contact_email)


def _check_can_be_invited(client: Client) -> None:
    if client.status == ClientStatus.ACTIVE:
        raise AlreadyActiveError
    if client.status == ClientStatus.ARCHIVED:
        raise ArchivedClientError
    if client.status == ClientStatus.PENDING:
        raise WaitsForOwnerError
    if not client.contact_email:
        raise NoAddressError


def _renewable(client: Client) -> Invitation | None:
    """The client's latest invitation, if it can still lead somewhere and is for the same address."""
    latest = (
        Invitation.objects.select_for_update(no_key=True, of=("self",))
        .filter(client=client, state__in=RENEWABLE_STATES)
        .order_by("-created_at")
        .first()
    )
    return latest if latest is not None and _is_for(latest, client.contact_email) else None


def _is_for(invitation: Invitation, address: str) -> bool:
    return invitation.email.lower() == address.lower()


def _revoke_former(client: Client) -> None:
    for invitation in Invitation.objects.filter(client=client, state__in=RENEWABLE_STATES):
        _close(invitation, InvitationState.REVOKED)


def _close(invitation: Invitation, state: InvitationState) -> None:
    cancel(about=invitation.pk)
    invitation.state = state
    invitation.save(update_fields=["state"])


def send(invitation: Invitation, client: Client, *, reminder: bool = False) -> None:
    """
    Give the invitation a new link and leave the message; the token itself is nowhere but in that message.

    In the caller's transaction, which holds the client file.
    """
    token = new_token()
    now = timezone.now()
    invitation.token_sha256 = digest(token)
    invitation.state = InvitationState.QUEUED
    invitation.renewed_at, invitation.expires_at = now, now + LIFETIME
    invitation.opened_at, invitation.refusal = None, ""
    invitation.save()
    cancel(about=invitation.pk)
    _queue_message(invitation, client, token, reminder=reminder)
    _set_invited(client)


def _send_anew(invitation: Invitation, client: Client) -> None:
    """By somebody's hand: reminders are counted from here."""
    invitation.reminders = 0
    send(invitation, client)


def _queue_message(invitation: Invitation, client: Client, token: str, *, reminder: bool) -> None:
    message = write_message(
        client,
        link=link_of(token),
        expires_at=invitation.expires_at,
        words=invitation.words,
        reminder=reminder,
    )
    try:
        queue(
            kind=EmailKind.INVITATION,
            recipient=invitation.email,
            subject=message.subject,
            text=message.parts.text,
            html=message.parts.html,
            about=invitation.pk,
            firm_id=invitation.firm_id,
        )
    except InvalidAddressError as error:
        raise InvitationError(f"L'e-mail de contact « {invitation.email} » n'est pas valable.") from error


def _set_invited(client: Client) -> None:
    if client.status != ClientStatus.INVITED:  # a file that was not changed is nobody's conflict
        client.status = ClientStatus.INVITED
        client.updated_at = timezone.now()
        client.save(update_fields=["status", "updated_at"])
