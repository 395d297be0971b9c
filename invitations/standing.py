"""Where an invitation stands for the person who opens its link: each case has its page."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from clients.enums import ClientStatus, CompanyRole
from clients.models import Client
from clients.selectors import company_membership, former_company_membership, may_reopen
from invitations.enums import InvitationState
from invitations.models import Invitation


class Standing(StrEnum):
    #: Nobody is signed in and the address has no account: choose a password.
    NEW_ACCOUNT = "new_account"
    #: The address has an account: sign in first.
    SIGN_IN = "sign_in"
    #: The right person is signed in: one click.
    JOIN = "join"
    #: The right person is signed in, whose place in this company has ended: its owner is asked.
    FORMER = "former"
    OTHER_PERSON = "other_person"
    FIRM_PERSON = "firm_person"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED = "used"
    #: Its owners have closed the company's space: found out when somebody tries to enter.
    CLOSED = "closed"
    #: Accepted by the person signed in, and the company's owner has not answered yet.
    WAITING = "waiting"


#: Cases in which the link lets somebody in.
ACCEPTING = (Standing.NEW_ACCOUNT, Standing.JOIN, Standing.FORMER)


def standing_of(invitation: Invitation, user: User | AnonymousUser) -> Standing:
    closed = closed_standing(invitation, invitation.client)
    if closed is Standing.USED and user.is_authenticated and invitation.accepted_by_id == user.pk:
        return Standing.WAITING if invitation.waits_for_owner else Standing.USED
    if closed is not None:
        return closed
    if not isinstance(user, User):
        has_account = User.objects.company_users().filter(email__iexact=invitation.email).exists()
        return Standing.SIGN_IN if has_account else Standing.NEW_ACCOUNT
    if not user.is_company_user:
        return Standing.FIRM_PERSON
    if not may_accept(user, invitation, invitation.client):
        return Standing.OTHER_PERSON
    former = former_company_membership(user, siren=invitation.client.siren)
    return Standing.FORMER if former and not may_reopen(user, company=former.company_id) else Standing.JOIN


def closed_standing(invitation: Invitation, client: Client) -> Standing | None:
    """Why the link lets nobody in any more; None while it does."""
    if invitation.state == InvitationState.ACCEPTED or client.status == ClientStatus.ACTIVE:
        return Standing.USED
    if invitation.state == InvitationState.REVOKED or client.status == ClientStatus.ARCHIVED:
        return Standing.REVOKED
    return None if invitation.is_open else Standing.EXPIRED


def may_accept(user: User, invitation: Invitation, client: Client) -> bool:
    """The address that was invited, or the owner of the company itself under another address."""
    if not user.is_company_user:
        return False
    if (user.email or "").lower() == invitation.email.lower():
        return True
    membership = company_membership(user, siren=client.siren)
    return membership is not None and membership.role == CompanyRole.OWNER
