"""Sending an invitation, sending it again, taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from clients.enums import ClientStatus
from clients.models import Client
from common.journal import SYSTEM, record, record_each
from common.permissions import ForbiddenError, require
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
from invitations.services.locking import lock_client, lock_clients, lock_invitation
from invitations.services.sending import send_all
from invitations.tokens import digest
from outbox.services import cancel

#: What the invitation's own course made of a client file; revoking gives « Créé » back.
_INVITED = (ClientStatus.INVITED, ClientStatus.EXPIRED, ClientStatus.BOUNCED)
_WHY = "an invitation's link names no firm until it is looked up"


@dataclass(frozen=True)
class Outcome:
    """By client file: the invitations that were sent, and why the others were not."""

    sent: Mapping[UUID, Invitation]
    refused: Mapping[UUID, InvitationError | ForbiddenError]


def invite(actor: Membership, *, client: Client, words: str | None = None) -> Invitation:
    """As invite_all, for one client. Raises InvitationError, ForbiddenError."""
    with tenant(firm=actor.firm_id):
        outcome = _invite(actor, [lock_client(client.pk)], words)
    for refusal in outcome.refused.values():
        raise refusal
    return outcome.sent[client.pk]


def invite_all(actor: Membership, *, clients: Iterable[UUID], words: str | None = None) -> Outcome:
    """
    Send each client an invitation, or send it again: the link is renewed, the invitation stays the same.

    `words` are the firm's own, those of its settings unless given. A new address makes a new invitation; the links of
    a former address let nobody in and cannot be renewed any more.
    """
    with tenant(firm=actor.firm_id):
        return _invite(actor, lock_clients(clients), words)


def _invite(actor: Membership, clients: Sequence[Client], words: str | None) -> Outcome:
    refused = {client.pk: refusal for client in clients if (refusal := _why_not(actor, client))}
    asked = [client for client in clients if client.pk not in refused]
    words = settings_of(actor.firm_id).words if words is None else words
    found = _renewable(asked)
    _revoke_former([client for client in asked if client.pk not in found])
    wanted = [(found.get(client.pk) or _new(client, actor), client) for client in asked]
    for invitation, _client in wanted:
        invitation.words, invitation.reminders = words, 0  # by somebody's hand: reminders are counted from here
    sent, unwritable = send_all(wanted)
    for action, again in (("invitation.created", False), ("invitation.renewed", True)):
        lines = ((client, {"email": each.email}) for each, client in sent if (client.pk in found) == again)
        record_each(actor, action, lines)
    return Outcome({client.pk: invitation for invitation, client in sent}, refused | unwritable)


def _new(client: Client, actor: Membership) -> Invitation:
    return Invitation(firm_id=client.firm_id, client=client, email=client.contact_email, created_by=actor)


def revoke(actor: Membership, *, invitation: Invitation) -> None:
    """The link stops working at once. Harmless when the invitation is over already."""
    require(can_invite_client(actor, invitation.client), "Vous ne pouvez pas révoquer cette invitation.")
    with tenant(firm=actor.firm_id):
        client = lock_client(invitation.client_id)
        locked = lock_invitation(invitation.pk)
        if locked.state not in RENEWABLE_STATES:
            return
        _close([locked.pk], InvitationState.REVOKED)
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
                invitation.reminders = 0
                sent, _refused = send_all([(invitation, client)])
                record_each(SYSTEM, "invitation.renewed", ((client, {"email": each.email}) for each, client in sent))


def _may_be_renewed(invitation: Invitation, client: Client) -> bool:
    too_old = invitation.state in RENEWABLE_STATES and not invitation.is_open
    return too_old and client.status in _INVITED and _is_for(invitation, client.contact_email)


def _why_not(actor: Membership, client: Client) -> InvitationError | ForbiddenError | None:
    if not can_invite_client(actor, client):
        return ForbiddenError("Vous ne pouvez pas inviter ce client.")
    if client.status == ClientStatus.ACTIVE:
        return AlreadyActiveError()
    if client.status == ClientStatus.ARCHIVED:
        return ArchivedClientError()
    if client.status == ClientStatus.PENDING:
        return WaitsForOwnerError()
    return None if client.contact_email else NoAddressError()


def _renewable(clients: Sequence[Client]) -> dict[UUID, Invitation]:
    """The latest invitation of each that can still lead somewhere and is for the same address."""
    found = (
        Invitation.objects.select_for_update(no_key=True, of=("self",))
        .filter(client__in=clients, state__in=RENEWABLE_STATES)
        .order_by("created_at")
    )
    latest = {invitation.client_id: invitation for invitation in found}
    return {
        client.pk: latest[client.pk]
        for client in clients
        if client.pk in latest and _is_for(latest[client.pk], client.contact_email)
    }


def _is_for(invitation: Invitation, address: str) -> bool:
    return invitation.email.lower() == address.lower()


def _revoke_former(clients: Sequence[Client]) -> None:
    former = Invitation.objects.filter(client__in=clients, state__in=RENEWABLE_STATES)
    if pks := list(former.values_list("pk", flat=True)):
        _close(pks, InvitationState.REVOKED)


def _close(pks: Sequence[UUID], state: InvitationState) -> None:
    cancel(about=pks)
    Invitation.objects.filter(pk__in=pks).update(state=state)
