"""The firm's clients as the importing member sees them, looked up batch by batch."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clients.importing.columns.registry import LABELS
from clients.importing.plan import COLLABORATORS, ClientValues
from clients.models import Client, ClientAssignment, ImportJob
from clients.permissions import can_see_every_client
from clients.selectors import clients_visible_to
from common.bulk import among
from firms.enums import MembershipStatus
from firms.models import Membership

_SHARED = ": deux collaborateurs ont cette adresse"
_FIELDS = [name for name in LABELS if name != COLLABORATORS]


class Directory:
    """`find` is what `plan_rows` asks. Without `collaborators` nobody's assignments are read."""

    def __init__(self, member: Membership, *, collaborators: bool) -> None:
        self._member = member
        self._visible = clients_visible_to(member)
        self._collaborators = collaborators

    def find(self, sirens: Sequence[str]) -> dict[str, ClientValues | None]:
        rows = list(self._visible.filter(among("siren", sirens)).values_list("pk", "is_firm_file", *_FIELDS))
        assignments = ClientAssignment.objects.filter(client__in=[row[0] for row in rows])
        assigned = emails_by_client(assignments) if self._collaborators else {}
        found: dict[str, ClientValues | None] = {}
        for pk, is_firm_file, *values in rows:
            current: dict[str, Any] = dict(zip(_FIELDS, values, strict=True))
            current[COLLABORATORS] = None if is_firm_file else assigned.get(pk, ())
            found[current["siren"]] = current
        return found | dict.fromkeys(self._hidden([siren for siren in sirens if siren not in found]))

    def _hidden(self, sirens: Sequence[str]) -> list[str]:
        if not sirens or can_see_every_client(self._member):
            return []
        return list(Client.objects.filter(firm=self._member.firm_id, siren__in=sirens).values_list("siren", flat=True))


def emails_by_client(assignments: QuerySet[ClientAssignment]) -> dict[UUID, tuple[str, ...]]:
    """Client → the addresses of those who look after it, in the order in which they were assigned."""
    found: dict[UUID, tuple[str, ...]] = {}
    rows = assignments.order_by("created_at", "pk").values_list("client", "membership__user__contact_email")
    for client, email in rows:
        if email:
            found[client] = (*found.get(client, ()), email.lower())
    return found


def assigns(job: ImportJob) -> bool:
    """Whether a column of people was read: most files hold none."""
    return LABELS[COLLABORATORS] in job.columns


def members_by_email(firm_id: UUID) -> dict[str, UUID]:
    """Who can be assigned to the firm's clients."""
    return {email: members[0].pk for email, members in _members(firm_id).items() if not _why_none(members)}


def assignable_by_email(firm_id: UUID) -> dict[str, str]:
    """The address of each member, and why no file can be assigned to him or her; "" where it can."""
    return {email: _why_none(members) for email, members in _members(firm_id).items()}


def names_by_email(firm_id: UUID) -> dict[str, str]:
    return {email: str(members[0].user) for email, members in _members(firm_id).items()}


def _members(firm_id: UUID) -> dict[str, list[Membership]]:
    """By the address that ComptExpert gives; of several with the same, first who can be assigned."""
    members = Membership.objects.filter(firm=firm_id).exclude(user__contact_email="").select_related("user")
    found: dict[str, list[Membership]] = defaultdict(list)
    for member in sorted(members.order_by("pk"), key=_why_not):
        found[member.user.contact_email.lower()].append(member)
    return found


def _why_none(members: Sequence[Membership]) -> str:
    """No file goes to somebody whom its row may not mean."""
    return _SHARED if sum(not _why_not(member) for member in members) > 1 else _why_not(members[0])


def _why_not(member: Membership) -> str:
    if member.status == MembershipStatus.DISABLED:
        return "n'a plus accès au cabinet"
    return "est administrateur et voit tous les dossiers" if member.is_administrator else ""
