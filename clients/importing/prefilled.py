"""A firm's clients as the template is filled with them: read back unchanged, the workbook changes nothing."""

from clients.importing.columns.base import Value
from clients.importing.columns.registry import LABELS
from clients.importing.directory import emails_by_client
from clients.importing.plan import COLLABORATORS
from clients.models import ClientAssignment
from clients.selectors import clients_visible_to
from common.tenancy import tenant
from firms.enums import MembershipStatus, Role
from firms.models import Membership

_FIELDS = [name for name in LABELS if name != COLLABORATORS]


def client_values(member: Membership) -> list[dict[str, Value]]:
    """Field → value of each client that the member sees, by name, in a transaction of its own."""
    with tenant(firm=member.firm_id):
        # Those whom an import can assign.
        named = ClientAssignment.objects.filter(membership__role=Role.USER)
        named = named.exclude(membership__status=MembershipStatus.DISABLED)
        emails = emails_by_client(named.filter(firm=member.firm_id))
        rows = clients_visible_to(member).order_by("search", "pk").values_list("pk", *_FIELDS)
        return [dict(zip(_FIELDS, values, strict=True)) | {COLLABORATORS: emails.get(pk, ())} for pk, *values in rows]
