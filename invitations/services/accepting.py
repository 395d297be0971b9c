"""Opening and accepting an invitation: one time, under lock, all or nothing."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Terms, User
from accounts.services import accept_terms
from clients.enums import ClientStatus, CompanyRole
from clients.models import Client, Company, CompanyMembership
from clients.selectors import is_closed, may_reopen, owners_of
from clients.services import ensure_company, let_in, lock_company
from common.journal import record
from common.tenancy import tenant
from invitations.enums import InvitationState
from invitations.errors import (
    AccountExistsError,
    ClosedSpaceError,
    ExpiredError,
    InvitationError,
    OtherPersonError,
    RevokedError,
    UnknownLinkError,
    UsedError,
)
from invitations.messages import tell_owner
from invitations.models import Invitation
from invitations.services.locking import lock_client, lock_invitation
from invitations.standing import Standing, closed_standing, may_accept
from invitations.tokens import digest

_WHY = "an invitation's link names no firm until it is looked up"
_CLOSED: dict[Standing, type[InvitationError]] = {
    Standing.USED: UsedError,
    Standing.REVOKED: RevokedError,
    Standing.EXPIRED: ExpiredError,
}


@dataclass(frozen=True)
class Consent:
    """The CGU as they were shown and ticked, and from where."""

    terms: Terms
    ip: str | None
    user_agent: str


@dataclass(frozen=True)
class Acceptance:
    user: User
    siren: str
    #: « Connexion en attente »: the company's owner must agree first; nothing was granted.
    pending: bool


def open_invitation(token: str) -> Invitation | None:
    """What the link leads to, with its client file and firm. Consumes and writes nothing."""
    with tenant(platform=_WHY):
        return (
            Invitation.objects.select_related("client", "firm", "accepted_by")
            .filter(token_sha256=digest(token))
            .first()
        )


def mark_opened(invitation: Invitation) -> None:
    """The firm sees « Ouverte ». Lets nobody in and closes nothing."""
    if invitation.state in (InvitationState.QUEUED, InvitationState.SENT):
        with tenant(platform=_WHY):
            Invitation.objects.filter(
                pk=invitation.pk,
                token_sha256=invitation.token_sha256,
                state__in=(InvitationState.QUEUED, InvitationState.SENT),
            ).update(state=InvitationState.OPENED, opened_at=timezone.now())


@transaction.atomic
def accept_as_new(token: str, *, password: str, consent: Consent) -> Acceptance:
    """Make the account of the invited address and accept. Call it outside any tenant. Raises InvitationError."""
    invitation, client = _lock(token)
    return _accept(invitation, client, user=_create_account(invitation, client, password), consent=consent)


@transaction.atomic
def accept_as(user: User, token: str, *, consent: Consent) -> Acceptance:
    """Accept as the person signed in. Call it outside any tenant. Raises InvitationError."""
    invitation, client = _lock(token)
    if not may_accept(user, invitation, client):
        raise OtherPersonError
    return _accept(invitation, client, user=user, consent=consent)


def _lock(token: str) -> tuple[Invitation, Client]:
    """The invitation and its client file, held until the transaction ends; two acceptances pass one after the other."""
    with tenant(platform=_WHY):
        found = Invitation.objects.filter(token_sha256=digest(token)).values_list("pk", "client").first()
        if found is None:
            raise UnknownLinkError
        pk, client_pk = found
        client = lock_client(client_pk)
        invitation = lock_invitation(pk)
    if invitation.token_sha256 != digest(token):  # renewed while we waited
        raise UnknownLinkError
    closed = closed_standing(invitation, client)
    if closed is not None:
        raise _CLOSED[closed]
    return invitation, client


def _create_account(invitation: Invitation, client: Client, password: str) -> User:
    if User.objects.company_users().filter(email__iexact=invitation.email).exists():
        raise AccountExistsError
    try:
        with transaction.atomic():
            return User.objects.create_company_user(
                email=invitation.email,
                password=password,
                first_name=client.contact_first_name,
                last_name=client.contact_last_name,
            )
    except IntegrityError as error:  # another invitation made it at this very moment
        raise AccountExistsError from error


def _accept(invitation: Invitation, client: Client, *, user: User, consent: Consent) -> Acceptance:
    company = ensure_company(siren=client.siren, name=client.name)
    accept_terms(user, terms=consent.terms, party=company.pk, ip=consent.ip, user_agent=consent.user_agent)
    membership = _membership_for(user, company)
    if membership is None:
        _ask_owner(invitation, client, user=user, company=company.pk)
    else:
        _join(invitation, client, membership=membership)
    return Acceptance(user=user, siren=client.siren, pending=membership is None)


def _membership_for(user: User, company: Company) -> CompanyMembership | None:
    """
    The owner's membership; made for the first person of a space that nobody holds yet.

    None for a company that is in jefacture already and not this person's: its owner must approve. A space that was
    closed is opened again by whom it belonged to, and by nobody else: it holds what was deposited before. Raises
    ClosedSpaceError.
    """
    with tenant(company=company.pk):
        lock_company(company.pk)  # two first persons: one of them waits here
        owner = owners_of(company.pk).filter(person=user).first()
        if owner is not None:
            return owner
        if is_closed(company.pk):
            if not may_reopen(user, company=company.pk):
                raise ClosedSpaceError
            return let_in(user, company=company.pk, role=CompanyRole.OWNER)
        if (
            CompanyMembership.objects.filter(company=company).exists()
            or Client.objects.filter(company=company).exists()
        ):
            return None
        return let_in(user, company=company.pk, role=CompanyRole.OWNER)


def _join(invitation: Invitation, client: Client, *, membership: CompanyMembership) -> None:
    with tenant(firm=client.firm_id, company=membership.company_id):
        now = timezone.now()
        client.company_id = membership.company_id
        client.status = ClientStatus.ACTIVE
        client.activated_at = client.updated_at = now
        client.save(update_fields=["company", "status", "activated_at", "updated_at"])
        _close(invitation, user=membership.person, company=membership.company_id)
        record(membership, "invitation.accepted", client, email=invitation.email)


def _ask_owner(invitation: Invitation, client: Client, *, user: User, company: UUID) -> None:
    """Nothing is granted: the firm and the person wait for one of the owners (see answering)."""
    with tenant(firm=client.firm_id, company=company):
        client.status = ClientStatus.PENDING
        client.updated_at = timezone.now()
        client.save(update_fields=["status", "updated_at"])
        invitation.waits_for_owner = True
        _close(invitation, user=user, company=company)
        record(user, "invitation.waits_for_owner", client, email=invitation.email)
        space = Company.objects.get(pk=company)
    with tenant(company=company):
        for owner in owners_of(company):
            tell_owner(owner, space=space, invitation=invitation, firm=client.firm)


def _close(invitation: Invitation, *, user: User, company: UUID) -> None:
    invitation.state = InvitationState.ACCEPTED
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.company_id = company
    invitation.save(update_fields=["state", "accepted_at", "accepted_by", "company_id", "waits_for_owner"])
