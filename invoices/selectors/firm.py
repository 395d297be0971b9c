from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from clients.enums import ClientStatus
from clients.models import Client, ClientAssignment
from clients.permissions import can_see_every_client
from clients.selectors import clients_visible_to
from firms.models import Membership
from invoices.models import FirmInvoice

#: So many client files travel as values: PostgreSQL knows then how few they are, and looks for each in the index. Under
#: row-level security it takes a sub-select for three quarters of the firm, and reads all of its invoices.
_FEW: Final = 1000


def firm_invoices_visible_to(membership: Membership) -> QuerySet[FirmInvoice]:
    """What this member sees of the invoices of the firm's clients, latest first."""
    parts = FirmInvoice.objects.filter(firm=membership.firm_id).order_by("-issue_date", "-id")
    if not can_see_every_client(membership):
        parts = parts.filter(client__in=clients_visible_to(membership))
    return parts.select_related("invoice", "client")


def clients_of_list(membership: Membership) -> QuerySet[Client] | None:
    """Those whose invoices the member's list holds; None where it holds every client's."""
    return None if can_see_every_client(membership) else clients_visible_to(membership)


def firm_list_of(membership: Membership) -> QuerySet[FirmInvoice]:
    """The firm's list as this member sees it, from the firm's part alone, latest first."""
    parts = FirmInvoice.objects.filter(firm=membership.firm_id).order_by("-issue_date", "-id")
    clients = clients_of_list(membership)
    if clients is None:
        return parts
    return parts.filter(client__in=_few_of(membership, clients) or clients)


def _few_of(membership: Membership, clients: QuerySet[Client]) -> list[UUID]:
    """Their keys; none where there are many, which the member's assignments mostly tell, read from an index alone."""
    if ClientAssignment.objects.filter(membership=membership.pk)[: _FEW + 1].count() > _FEW:
        return []
    keys = list(clients.order_by().values_list("pk", flat=True)[: _FEW + 1])
    return keys if len(keys) <= _FEW else []


def get_firm_invoice_or_404(membership: Membership, *, pk: UUID) -> FirmInvoice:
    part = firm_invoices_visible_to(membership).filter(pk=pk).first()
    if part is None:
        raise Http404("Facture inconnue.")
    return part


def active_client_of(part: FirmInvoice) -> Client | None:
    """The « Actif » client file that lets the firm act on the invoice; an archived one lets it read only."""
    return Client.objects.filter(pk=part.client_id, status=ClientStatus.ACTIVE, company=part.company_id).first()
