from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from clients.enums import ClientStatus
from clients.models import Company, CompanyMembership
from clients.selectors import clients_visible_to
from common.tenancy import tenant
from firms.models import Membership
from invoices.enums import BARE, SETTLED_REASONS, DepositState, Pairing
from invoices.models import Deposit, Invoice


def latest_deposits(company: Company, *, limit: int = 20) -> QuerySet[Deposit]:
    """Asked for again each second while something is read: without what may be long, of the file and its invoice."""
    deposits = Deposit.objects.filter(company=company.pk).select_related("invoice").order_by("-created_at")
    return deposits.defer("text", "steps", "read", "invoice__data", "invoice__disagreements")[:limit]


def unsettled_deposits(company: Company) -> QuerySet[Deposit]:
    """Deposits that did not become an invoice and wait for somebody to look at them."""
    states = (DepositState.HELD, DepositState.INCOMPLETE, DepositState.REFUSED, DepositState.QUARANTINED)
    deposits = Deposit.objects.filter(company=company.pk, state__in=states)
    return deposits.exclude(reason_code__in=SETTLED_REASONS).defer("text", "steps", "read").order_by("-created_at")


def get_deposit_or_404(company: Company, *, pk: UUID) -> Deposit:
    rows = Deposit.objects.filter(company=company.pk, pk=pk)
    deposit = rows.select_related("invoice", "duplicate_of", "deposited_by").first()
    if deposit is None:
        raise Http404("Dépôt inconnu.")
    return deposit


def siblings_of(deposit: Deposit, *, limit: int = 20) -> list[Deposit]:
    """The other files of its invoice, then those that arrived together with it."""
    together = Q(pk=None)
    if deposit.invoice_id is not None:
        together |= Q(invoice=deposit.invoice_id)
    if deposit.batch is not None:
        together |= Q(batch=deposit.batch)
    rows = Deposit.objects.filter(together, company=deposit.company_id).exclude(pk=deposit.pk)
    return list(rows.defer("text", "steps").order_by("created_at")[:limit])


def possible_invoices(deposit: Deposit, *, limit: int = 10) -> list[Invoice]:
    """The latest structured invoices without a page of their own, which a person may join this PDF to."""
    invoices = without_page(Invoice.objects.filter(company=deposit.company_id, container__in=BARE))
    return list(invoices.defer("data").order_by("-filed_at")[:limit])


def without_page(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Those that no PDF came for."""
    page = Deposit.objects.filter(invoice=OuterRef("pk"), pairing=Pairing.READABLE, state=DepositState.FILED)
    return invoices.filter(~Exists(page))


def readable_of(invoice: Invoice) -> Deposit | None:
    """The PDF that came beside the data of an invoice, for people to read; a Factur-X is its own page."""
    if invoice.container not in BARE:
        return None
    return invoice.deposits.filter(pairing=Pairing.READABLE, state=DepositState.FILED).order_by("created_at").first()


def spaces_named_in(deposit: Deposit, *, actor: CompanyMembership | Membership) -> list[tuple[str, str]]:
    """(SIREN, name) of the spaces of the invoice's parties that this person may deposit in."""
    read = deposit.read or {}
    sirens = {read.get("seller_siren"), read.get("buyer_siren")} - {deposit.company.siren, "", None}
    if isinstance(actor, Membership):
        clients = clients_visible_to(actor).filter(siren__in=sirens, status=ClientStatus.ACTIVE, company__isnull=False)
        return [(client.siren, client.name) for client in clients]
    with tenant(company=deposit.company_id, person=actor.person_id):
        own = CompanyMembership.objects.filter(person=actor.person_id, company__siren__in=sirens, ended_at__isnull=True)
        return [(one.company.siren, one.company.name) for one in own.select_related("company")]
