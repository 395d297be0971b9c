"""A firm's clients as the template is filled with them: read back unchanged, the workbook changes nothing."""

from collections import defaultdict
from uuid import UUID

from clients.importing.columns.base import Value
from clients.importing.columns.registry import LABELS
from clients.importing.plan import COLLABORATORS
from clients.models import ClientAssignment
from clients.selectors import clients_visible_to
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership

_FIELDS = [name for name in LABELS if name != COLLABORATORS]


def client_values(member: Membership) -> list[dict[str, Value]]:
    """Field → value of each client that the member sees, by name, in a transaction of its own."""
    with tenant(firm=member.firm_id):
        assigned = _assigned(member.firm_id)
        rows = clients_visible_to(member).order_by("search", "pk").values_list("pk", *_FIELDS)
        return [
            dict(zip(_FIELDS, values, strict=True)) | {COLLABORATORS: tuple(assigned.get(pk, ()))}
            for pk, *values in rows
        ]


def _assigned(firm: UUID) -> dict[UUID, list[str]]:
    """The addresses of the members who look after each client, of those who can be named in an import."""
    assigned: defaultdict[UUID, list[str]] = defaultdict(list)
    rows = ClientAssignment.objects.filter(firm=firm).exclude(membership__status=MembershipStatus.DISABLED)
    for client, email in rows.values_list("client", "membership__user__contact_email"):
        if email:
            assigned[client].append(email.lower())
    return assigned
