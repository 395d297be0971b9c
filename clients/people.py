"""A member of the firm and his or her client files: what « Utilisateurs » shows of one person."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from clients.models import Client, ClientAssignment
from clients.selectors import clients_visible_to
from firms.enums import MembershipStatus, Role
from firms.models import Membership
from firms.permissions import can_manage_users
from firms.selectors import get_member_or_404, members_of

# Who created a file sees it, but for these (clients.selectors.clients_visible_to).
_ORDINARY = Q(confidential=False, is_firm_file=False)
_ORPHAN = ~Exists(ClientAssignment.objects.filter(client=OuterRef("pk")))


def get_person_or_404(membership: Membership, *, pk: UUID) -> Membership:
    """An administrateur opens everybody's page, an utilisateur his or her own."""
    if pk != membership.pk and not can_manage_users(membership):
        raise Http404("Membre inconnu.")
    return get_member_or_404(membership, pk=pk)


def assigned_to(member: Membership) -> QuerySet[Client]:
    return Client.objects.filter(_assigned(member), firm=member.firm_id).order_by("search", "pk")


def files_of(member: Membership) -> QuerySet[Client]:
    """What this person hands over: the files assigned to him or her, and those seen for having been created."""
    return Client.objects.filter(_assigned(member) | _created(member), firm=member.firm_id).order_by("search", "pk")


def created_only(member: Membership) -> QuerySet[Client]:
    """Those of them that are not assigned to this person."""
    return Client.objects.filter(_created(member), firm=member.firm_id).exclude(_assigned(member))


def stays_visible(files: QuerySet[Client], *, member: Membership) -> bool:
    """Whether the person goes on seeing any of these, handed over, for having created it."""
    return member.is_open and files.filter(_created(member)).exists()


def not_assigned_to(membership: Membership, *, member: Membership) -> QuerySet[Client]:
    """What can be given to `member`, of what `membership` sees."""
    return clients_visible_to(membership).filter(is_firm_file=False).exclude(_assigned(member)).order_by("search", "pk")


@dataclass(frozen=True)
class Leaver:
    """Somebody whose access has ended, and how many client files nobody has taken over."""

    member: Membership
    files: int


def leavers(membership: Membership) -> list[Leaver]:
    """Nobody is told of them but who can hand their files over."""
    if not can_manage_users(membership):
        return []
    ended = members_of(membership).filter(status=MembershipStatus.DISABLED)
    files = _files_left(ended)
    return [Leaver(member, files[member.pk]) for member in ended.filter(pk__in=files)]


def _files_left(members: QuerySet[Membership]) -> dict[UUID, int]:
    """By member: the files assigned to him or her, and those he or she created that are assigned to nobody."""
    assigned = ClientAssignment.objects.filter(membership__in=members.order_by().values("pk"))
    left: Counter[UUID] = Counter(dict(assigned.order_by().values_list("membership").annotate(Count("pk"))))
    users = members.filter(role=Role.USER).order_by().values("pk")
    orphans = Client.objects.filter(_ORDINARY, _ORPHAN, created_by__in=users)
    for member, count in orphans.order_by().values_list("created_by").annotate(Count("pk")):
        left[member] += count
    return left


def already_assigned(clients: QuerySet[Client], members: Collection[Membership]) -> int:
    """How many of the files all of these members have."""
    held = ClientAssignment.objects.filter(client__in=clients.order_by().values("pk"), membership__in=members)
    return held.values("client").annotate(people=Count("pk")).filter(people=len(members)).count()


def _assigned(member: Membership) -> Q:
    return Q(pk__in=ClientAssignment.objects.filter(membership=member.pk).values("client"))


def _created(member: Membership) -> Q:
    """
    Seen for having been created; of somebody who has left, those that are assigned to nobody.

    An administrateur's imports are not his or her own files: every administrateur sees them.
    """
    if member.is_administrator:
        return Q(pk__in=[])
    created = Q(_ORDINARY, created_by=member.pk)
    return Q(created, _ORPHAN) if member.status == MembershipStatus.DISABLED else created
