"""A company's owner invites colleagues into the space; each of them accepts once, under lock."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import accept_terms
from clients.enums import CompanyRole
from clients.models import Company, CompanyMembership
from clients.permissions import can_manage_company
from clients.selectors import is_closed, members_of
from clients.services import let_in, lock_company
from common.journal import record
from common.permissions import require
from common.tenancy import tenant
from invitations.enums import ColleagueState
from invitations.errors import (
    AccountExistsError,
    AlreadyInsideError,
    AlreadyInvitedError,
    ExpiredError,
    InvitationError,
    OtherPersonError,
    UnknownLinkError,
    UsedError,
    WithdrawnError,
)
from invitations.messages import invite_colleague as write_to
from invitations.models import CompanyInvitation
from invitations.services.accepting import Consent
from invitations.tokens import colleague_link_of, digest, new_token
from outbox.services import InvalidAddressError, cancel

COLLEAGUE_LIFETIME = timedelta(days=14)
_WHY = "a colleague's link names no company until it is looked up"
_OWNERS_ONLY = "Seul un propriétaire de l'espace invite des collègues."
_CLOSED: dict[str, type[InvitationError]] = {ColleagueState.ACCEPTED: UsedError, ColleagueState.REVOKED: WithdrawnError}


@dataclass(frozen=True)
class Entry:
    """Who entered, and where."""

    user: User
    siren: str


def invite_colleague(actor: CompanyMembership, *, email: str, role: CompanyRole) -> CompanyInvitation:
    """Raises InvitationError."""
    require(can_manage_company(actor), _OWNERS_ONLY)
    with tenant(company=actor.company_id):
        if members_of(actor.company).filter(person__email__iexact=email).exists():
            raise AlreadyInsideError
        invitation = CompanyInvitation(company_id=actor.company_id, email=email, role=role, created_by=actor)
        _send(actor, invitation)
        record(actor, "colleague.invited", invitation, email=email)
    return invitation


def resend_colleague(actor: CompanyMembership, *, invitation: CompanyInvitation) -> None:
    """A new link for 14 days; the former one leads nowhere any more. Raises InvitationError."""
    require(can_manage_company(actor), _OWNERS_ONLY)
    with tenant(company=actor.company_id):
        locked = _lock(invitation)
        if locked.state in _CLOSED:
            raise _CLOSED[locked.state]
        _send(actor, locked)
        record(actor, "colleague.invited_again", locked, email=locked.email)


def revoke_colleague(actor: CompanyMembership, *, invitation: CompanyInvitation) -> None:
    """The link stops working at once. Harmless when the invitation is over already."""
    require(can_manage_company(actor), _OWNERS_ONLY)
    with tenant(company=actor.company_id):
        locked = _lock(invitation)
        if locked.state == ColleagueState.OPEN:
            cancel(about=[locked.pk])
            locked.state = ColleagueState.REVOKED
            locked.save(update_fields=["state"])
            record(actor, "colleague.revoked", locked, email=locked.email)


def colleague_invitation(token: str) -> CompanyInvitation | None:
    """What the link leads to, with its company. Consumes and writes nothing."""
    with tenant(platform=_WHY):
        return (
            CompanyInvitation.objects.select_related("company", "created_by__person")
            .filter(token_sha256=digest(token))
            .first()
        )


@transaction.atomic
def join_as_new(token: str, *, password: str, consent: Consent) -> Entry:
    """Make the account of the invited address and enter. Call it outside any tenant. Raises InvitationError."""
    found = _known(token)
    with tenant(company=found.company_id):
        invitation = _open(found, token)
        return _enter(invitation, _create_account(invitation, password), consent)


@transaction.atomic
def join_as(user: User, token: str, *, consent: Consent) -> Entry:
    """Enter as the person signed in. Call it outside any tenant. Raises InvitationError."""
    found = _known(token)
    with tenant(company=found.company_id):
        invitation = _open(found, token)
        if not is_for(invitation, user):
            raise OtherPersonError
        return _enter(invitation, user, consent)


def is_for(invitation: CompanyInvitation, user: User) -> bool:
    return user.is_company_user and (user.email or "").lower() == invitation.email.lower()


def _send(actor: CompanyMembership, invitation: CompanyInvitation) -> None:
    """Give the invitation a new link and leave the message; the token itself is nowhere but in that message."""
    token = new_token()
    invitation.token_sha256, invitation.expires_at = digest(token), timezone.now() + COLLEAGUE_LIFETIME
    try:
        with transaction.atomic():
            invitation.save()
            cancel(about=[invitation.pk])
            write_to(
                invitation,
                space=Company.objects.get(pk=actor.company_id),
                inviter=actor,
                link=colleague_link_of(token),
            )
    except IntegrityError as error:
        raise AlreadyInvitedError from error
    except InvalidAddressError as error:
        raise InvitationError("Cette adresse e-mail n'est pas valable.") from error


def _lock(invitation: CompanyInvitation) -> CompanyInvitation:
    return CompanyInvitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)


def _known(token: str) -> CompanyInvitation:
    found = colleague_invitation(token)
    if found is None:
        raise UnknownLinkError
    return found


def _open(found: CompanyInvitation, token: str) -> CompanyInvitation:
    """Held until the transaction ends; two acceptances pass one after the other."""
    invitation = _lock(found)
    if invitation.token_sha256 != digest(token):  # sent again while we waited
        raise UnknownLinkError
    if invitation.state in _CLOSED:
        raise _CLOSED[invitation.state]
    if invitation.has_expired:
        raise ExpiredError
    return invitation


def _create_account(invitation: CompanyInvitation, password: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_company_user(email=invitation.email, password=password)
    except IntegrityError as error:
        raise AccountExistsError from error


def _enter(invitation: CompanyInvitation, user: User, consent: Consent) -> Entry:
    company = lock_company(invitation.company_id)
    if is_closed(company.pk):  # sent at the moment of closing, which did not see it
        raise WithdrawnError
    accept_terms(user, terms=consent.terms, party=company.pk, ip=consent.ip, user_agent=consent.user_agent)
    member = let_in(user, company=company.pk, role=CompanyRole(invitation.role))
    invitation.state, invitation.accepted_at = ColleagueState.ACCEPTED, timezone.now()
    invitation.save(update_fields=["state", "accepted_at"])
    record(member, "colleague.joined", member, email=invitation.email)
    return Entry(user=user, siren=company.siren)
