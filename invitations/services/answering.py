"""A company's owner lets in a firm that asked (« Connexion en attente »), or refuses."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from clients.enums import ClientStatus, CompanyRole
from clients.models import Client, Company, CompanyMembership, EarlierAccess
from clients.permissions import can_manage_company
from clients.services import let_in
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from common.work import LEASE, wake
from invitations.enums import InvitationState
from invitations.errors import AnsweredError
from invitations.messages import tell_firm
from invitations.models import Invitation
from invitations.services.course import move
from invitations.services.locking import lock_client, lock_invitation

_REFUSED = "L'entreprise a refusé la connexion."
_WHO_ANSWERS = "Seul un propriétaire de l'espace répond à un cabinet."


@dataclass(frozen=True)
class Earlier:
    """An owner's agreement on invoices that were filed before; `since` is their first date, None is all of them."""

    since: date | None = None


def approve(actor: CompanyMembership, *, request: Invitation, person_too: bool, earlier: Earlier | None = None) -> None:
    """
    The client file becomes « Actif »: the firm sees the invoices filed from now on, and `earlier` ones.

    `person_too`: whoever accepted the invitation enters the space as « Membre ». Raises AnsweredError.
    """
    require(can_manage_company(actor), _WHO_ANSWERS)
    with tenant(firm=request.firm_id, company=actor.company_id):
        invitation, client = _lock(request)
        client.company_id, client.activated_at = actor.company_id, timezone.now()
        client.save(update_fields=["company", "activated_at"])
        move(client, ClientStatus.ACTIVE, of=(ClientStatus.PENDING,))
        entered = ""
        if person_too and invitation.accepted_by is not None:
            member = let_in(invitation.accepted_by, company=actor.company_id, role=CompanyRole.MEMBER)
            entered = str(member.person)
        _answer(actor, invitation, client)
        record(actor, "invitation.approved", client, member=entered)
        if earlier is not None:
            _agree(actor, client, earlier)


def _agree(actor: CompanyMembership, client: Client, earlier: Earlier) -> None:
    """The room of invoices finds the row, and does it."""
    agreement = EarlierAccess(
        firm_id=client.firm_id,
        company_id=actor.company_id,
        client=client,
        agreed_by=actor,
        since=earlier.since,
        wake_at=timezone.now() + LEASE,
    )
    agreement.save(force_insert=True)
    since = earlier.since.isoformat() if earlier.since else None
    record(actor, "client.earlier_agreed", client, since=since)
    wake(agreement)


def decline(actor: CompanyMembership, *, request: Invitation, reason: str) -> None:
    """The link is closed and the client file « Créé » again; the firm reads why. Raises AnsweredError."""
    require(can_manage_company(actor), _WHO_ANSWERS)
    with tenant(firm=request.firm_id, company=actor.company_id):
        invitation, client = _lock(request)
        move(client, ClientStatus.CREATED, of=(ClientStatus.PENDING,))
        invitation.state = InvitationState.REVOKED
        invitation.refusal = f"{_REFUSED} {reason}".strip()
        _answer(actor, invitation, client)
        record(actor, "invitation.declined", client, reason=reason)


def _lock(request: Invitation) -> tuple[Invitation, Client]:
    client = lock_client(request.client_id)
    invitation = lock_invitation(request.pk)
    if not invitation.waits_for_owner:
        raise AnsweredError
    return invitation, client


def _answer(actor: CompanyMembership, invitation: Invitation, client: Client) -> None:
    invitation.waits_for_owner, invitation.answered_by = False, actor.person
    invitation.save(update_fields=["waits_for_owner", "answered_by", "state", "refusal"])
    company = Company.objects.get(pk=actor.company_id)
    tell_firm(invitation, client=client, company_name=company.name)
