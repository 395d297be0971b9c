from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from firms.enums import MembershipStatus, Role
from firms.models import ApiKey, Firm, Membership


def open_memberships(user: User) -> QuerySet[Membership]:
    """The firms that this person may enter, last used first."""
    return (
        Membership.objects.filter(user=user, status=MembershipStatus.ACTIVE)
        .select_related("firm", "user")
        .order_by("-last_entered_at", "firm__name")
    )


def get_membership_or_404(user: User, *, siret: str) -> Membership:
    membership = open_memberships(user).filter(firm__siret=siret).first()
    if membership is None:
        raise Http404("Cabinet inconnu.")
    return membership


def members_of(membership: Membership) -> QuerySet[Membership]:
    """Everybody of the firm, for its users table."""
    return Membership.objects.filter(firm=membership.firm_id).select_related("user").order_by("user__last_name", "pk")


def administrators_of(firm: Firm) -> QuerySet[Membership]:
    return Membership.objects.filter(firm=firm, role=Role.ADMINISTRATOR).exclude(status=MembershipStatus.DISABLED)


def experts_of(firm: Firm) -> QuerySet[Membership]:
    """Who may accept the CGU for the firm."""
    return (
        Membership.objects.filter(firm=firm, profile="expert")
        .exclude(status=MembershipStatus.DISABLED)
        .select_related("user")
    )


def keys_of(membership: Membership) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(firm=membership.firm_id, revoked_at__isnull=True)


def get_key_or_404(membership: Membership, *, pk: UUID) -> ApiKey:
    key = keys_of(membership).filter(pk=pk).first()
    if key is None:
        raise Http404("Clé inconnue.")
    return key


def get_member_or_404(membership: Membership, *, pk: UUID) -> Membership:
    member = members_of(membership).filter(pk=pk).first()
    if member is None:
        raise Http404("Membre inconnu.")
    return member
