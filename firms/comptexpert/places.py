"""A person's place in a firm, as ComptExpert's words open, change and end it. Runs in the firm's tenant, it locked."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from common.journal import System, record
from firms.comptexpert.claims import Delegate
from firms.enums import MembershipStatus, Profile, Role
from firms.models import Firm, ListedDelegate, Membership
from firms.selectors import acting_administrators

COMPTEXPERT = System(actor_name="ComptExpert")


def hold_place(user: User, firm: Firm, *, profile: Profile) -> Membership:
    """The person's own claims hold a place in the firm: open it, unless the lists of delegates closed it."""
    place = Membership.objects.filter(firm=firm, user=user).first()
    former = _state(place)
    if place is None:
        place = Membership(profile=profile, role=_role_of(profile), status="")
    place.firm, place.user, place.claimed = firm, user, True
    if profile == Profile.EXPERT:
        place.delisted = False  # nobody lists an expert-comptable
    elif place.profile == Profile.EXPERT:
        forget_list(user, firm)
    place.profile = profile
    _follow_profile(place)
    _settle(place, former=former, by=place)
    return place


def end_place(user: User, firm: Firm) -> None:
    """The person's own claims hold no place in the firm any more."""
    place = Membership.objects.filter(firm=firm, user=user).exclude(claimed=False).first()
    if place is not None:
        former = _state(place)
        place.claimed = False
        _settle(place, former=former, cause="claims")
        forget_list(user, firm)


def read_list(expert: User, firm: Firm, *, delegates: Iterable[Delegate], people: Mapping[str, User]) -> None:
    """Take the expert-comptable's list of delegates as the latest one; who is on nobody's list loses the place."""
    listed = {people[delegate.person.subject].pk: delegate for delegate in delegates}
    lines = ListedDelegate.objects.filter(firm=firm, listed_by=expert)
    known = set(lines.values_list("delegate_id", flat=True))
    lines.filter(delegate__in=known - listed.keys()).delete()
    ListedDelegate.objects.bulk_create(
        ListedDelegate(firm=firm, listed_by=expert, delegate_id=pk) for pk in sorted(listed.keys() - known)
    )
    places = {place.user_id: place for place in Membership.objects.filter(firm=firm).select_related("user")}
    for pk, delegate in listed.items():
        _list_delegate(places.get(pk), firm, people[delegate.person.subject], delegate)
    _delist_others(firm, places.values())


def forget_list(expert: User, firm: Firm) -> None:
    """An expert-comptable who is one no more lists nobody."""
    gone, _by_model = ListedDelegate.objects.filter(firm=firm, listed_by=expert).delete()
    if gone:
        _delist_others(firm, Membership.objects.filter(firm=firm).select_related("user"))


def _list_delegate(place: Membership | None, firm: Firm, user: User, delegate: Delegate) -> None:
    former = _state(place)
    if place is None:
        place = Membership(firm=firm, user=user, profile=Profile.COLLABORATOR, role=Role.USER, status="")
    place.delisted = False
    place.delegated_at = delegate.delegated_at or place.delegated_at
    _settle(place, former=former)


def _delist_others(firm: Firm, places: Iterable[Membership]) -> None:
    listed = set(ListedDelegate.objects.filter(firm=firm).values_list("delegate_id", flat=True))
    for place in places:
        if place.profile != Profile.EXPERT and not place.delisted and place.user_id not in listed:
            former = _state(place)
            place.delisted = True
            _settle(place, former=former, cause="delegates")


def _role_of(profile: Profile) -> Role:
    return Role.ADMINISTRATOR if profile == Profile.EXPERT else Role.USER


def _follow_profile(membership: Membership) -> None:
    """
    The profile gives the role until an administrateur chooses one, but for a firm that nobody else administers.

    There a collaborateur who was an expert-comptable keeps the role, and the next expert-comptable to come in gets it.
    """
    role = _role_of(Profile(membership.profile))
    if membership.role == role:
        return
    alone = not acting_administrators(membership.firm_id).exclude(pk=membership.pk).exists()
    chosen = membership.role_chosen
    follows = (alone or not chosen) if role == Role.ADMINISTRATOR else not (alone or chosen)
    if follows:
        record(COMPTEXPERT, "membership.role_changed", membership, before=membership.role, after=role)
        membership.role, membership.role_chosen = role, False


def _standing(place: Membership) -> MembershipStatus:
    if place.delisted or place.claimed is False:
        return MembershipStatus.DISABLED
    entered = place.claimed or place.status == MembershipStatus.ACTIVE
    return MembershipStatus.ACTIVE if entered else MembershipStatus.CREATED


def _state(place: Membership | None) -> dict[str, Any]:
    names = ("profile", "role", "role_chosen", "status", "claimed", "delisted", "delegated_at")
    return {} if place is None else {name: getattr(place, name) for name in names}


def _settle(
    place: Membership, *, former: dict[str, Any], by: Membership | System = COMPTEXPERT, cause: str = ""
) -> None:
    """Give the place the status that follows; save it if it changed, and the journal its line if the status did."""
    before, after = place.status, _standing(place)
    place.status = after
    if _state(place) == former:
        return
    place.save()
    if before == after:
        return
    action = {
        MembershipStatus.CREATED: "membership.delegated",
        MembershipStatus.ACTIVE: "membership.reopened" if before == MembershipStatus.DISABLED else "membership.opened",
        MembershipStatus.DISABLED: "membership.ended",
    }[after]
    data: dict[str, Any] = {"cause": cause} if cause else {}
    record(by, action, place, before=before, after=after, **data)
    acted = before == MembershipStatus.ACTIVE and former["role"] == Role.ADMINISTRATOR
    if acted and not acting_administrators(place.firm_id).exists():
        record(COMPTEXPERT, "firm.left_without_administrator", place.firm)
