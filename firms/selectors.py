from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import TermsAcceptance, User
from accounts.selectors import acceptances_of
from common.models import JournalEntry
from firms.enums import MembershipStatus, Role
from firms.models import ApiKey, Firm, Membership, PartnerSoftware

JOURNAL_PAGE = 50

_SINCE = {
    "entered_elsewhere": Exists(
        Membership.objects.filter(user=OuterRef("user"), last_entered_at__gt=OuterRef("last_entered_at"))
    )
}


def open_memberships(user: User) -> QuerySet[Membership]:
    """The firms that this person may enter, last used first."""
    return (
        Membership.objects.filter(user=user, status=MembershipStatus.ACTIVE)
        .select_related("firm", "user")
        .order_by(F("last_entered_at").desc(nulls_last=True), "firm__name")
    )


def get_membership_or_404(user: User, *, siret: str) -> Membership:
    membership = open_memberships(user).filter(firm__siret=siret).annotate(**_SINCE).first()
    if membership is None:
        raise Http404("Cabinet inconnu.")
    return membership


def members_of(membership: Membership) -> QuerySet[Membership]:
    """Everybody of the firm, for its users table."""
    return Membership.objects.filter(firm=membership.firm_id).select_related("user").order_by("user__last_name", "pk")


def present_members_of(membership: Membership) -> QuerySet[Membership]:
    """Those of them who have not left."""
    return members_of(membership).exclude(status=MembershipStatus.DISABLED)


def acting_administrators(firm: UUID) -> QuerySet[Membership]:
    """Those who can act: an administrateur who never signed in, or whose access has ended, administers nothing."""
    return Membership.objects.filter(firm=firm, role=Role.ADMINISTRATOR, status=MembershipStatus.ACTIVE)


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


def listed_keys(membership: Membership) -> QuerySet[ApiKey]:
    """The firm's keys, those of a replaced one until its grace period is over."""
    over = Q(replaced_at__isnull=False, expires_at__lte=timezone.now())
    return keys_of(membership).exclude(over).select_related("software")


def partner_software() -> QuerySet[PartnerSoftware]:
    return PartnerSoftware.objects.filter(enabled=True)


def logo_exists(logo: UUID) -> bool:
    return Firm.objects.filter(logo=logo).exists()


def last_terms_acceptance(firm: Firm) -> TermsAcceptance | None:
    return acceptances_of(firm.pk).first()


def journal_of_firm(membership: Membership) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(firm_id=membership.firm_id)


def label_in_journal(membership: Membership, object_id: UUID) -> str | None:
    """What the firm's journal last called this object; None where it has no line."""
    lines = journal_of_firm(membership).filter(object_id=object_id).order_by("-id")
    return lines.values_list("object_label", flat=True).first()


def page_before(
    lines: QuerySet[JournalEntry], *, uid: UUID | None, size: int = JOURNAL_PAGE
) -> tuple[list[JournalEntry], UUID | None]:
    """A page of these lines before line `uid` (None: the latest), and the `uid` that the next page starts at."""
    entries = lines.order_by("-at", "-id")
    if uid is not None:
        start = lines.filter(uid=uid).values("at", "id").first()
        if start is None:
            return [], None
        # The first condition is a range of the index.
        entries = entries.filter(at__lte=start["at"]).exclude(at=start["at"], id__gte=start["id"])
    page = list(entries[: size + 1])
    shown = page[:size]
    return shown, shown[-1].uid if len(page) > size else None
