from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from clients.enums import ClientStatus
from clients.models import Client, Company
from clients.permissions import can_see_every_client
from clients.selectors import clients_visible_to
from firms.models import Membership
from invoices.enums import REFUSED_BY_A_PERSON, DepositState, FileKind
from invoices.models import CompanyExport, Deposit, FirmInvoice, Invoice, InvoiceFile


def invoices_of(company: Company) -> QuerySet[Invoice]:
    """The company's invoices, latest first."""
    return Invoice.objects.filter(company=company.pk).order_by("-issue_date", "-id")


def get_invoice_or_404(company: Company, *, pk: UUID) -> Invoice:
    invoice = invoices_of(company).filter(pk=pk).first()
    if invoice is None:
        raise Http404("Facture inconnue.")
    return invoice


def latest_deposits(company: Company, *, limit: int = 20) -> QuerySet[Deposit]:
    return Deposit.objects.filter(company=company.pk).select_related("invoice").order_by("-created_at")[:limit]


def unsettled_deposits(company: Company) -> QuerySet[Deposit]:
    """Deposits that did not become an invoice and wait for somebody to look at them."""
    states = (DepositState.HELD, DepositState.INCOMPLETE, DepositState.REFUSED, DepositState.QUARANTINED)
    deposits = Deposit.objects.filter(company=company.pk, state__in=states)
    return deposits.exclude(reason_code=REFUSED_BY_A_PERSON).order_by("-created_at")


def get_deposit_or_404(company: Company, *, pk: UUID) -> Deposit:
    deposit = Deposit.objects.filter(company=company.pk, pk=pk).select_related("invoice").first()
    if deposit is None:
        raise Http404("Dépôt inconnu.")
    return deposit


def firm_invoices_visible_to(membership: Membership) -> QuerySet[FirmInvoice]:
    """What this member sees of the invoices of the firm's clients, latest first."""
    parts = FirmInvoice.objects.filter(firm=membership.firm_id).order_by("-issue_date", "-id")
    if not can_see_every_client(membership):
        parts = parts.filter(client__in=clients_visible_to(membership))
    return parts.select_related("invoice", "client")


def get_firm_invoice_or_404(membership: Membership, *, pk: UUID) -> FirmInvoice:
    part = firm_invoices_visible_to(membership).filter(pk=pk).first()
    if part is None:
        raise Http404("Facture inconnue.")
    return part


def active_client_of(part: FirmInvoice) -> Client | None:
    """The « Actif » client file that lets the firm act on the invoice; an archived one lets it read only."""
    return Client.objects.filter(pk=part.client_id, status=ClientStatus.ACTIVE, company=part.company_id).first()


def get_file_or_404(invoice: Invoice, *, kind: str) -> InvoiceFile:
    """The file of this kind; what leaves is the original itself where nothing else was made."""
    kinds = [kind, FileKind.ORIGINAL] if kind == FileKind.OUTGOING else [kind]
    files = {file.kind: file for file in InvoiceFile.objects.filter(invoice=invoice.pk, kind__in=kinds)}
    for wanted in kinds:
        if wanted in files:
            return files[wanted]
    raise Http404("Fichier inconnu.")


def exports_of(company: Company) -> QuerySet[CompanyExport]:
    """The archives that the company asked for, latest first."""
    return CompanyExport.objects.filter(company=company.pk).order_by("-created_at")


def get_export_or_404(company: Company, *, pk: UUID) -> CompanyExport:
    export = exports_of(company).filter(pk=pk).first()
    if export is None:
        raise Http404("Archive inconnue.")
    return export


def search_invoices(invoices: QuerySet[Invoice], words: str) -> QuerySet[Invoice]:
    """By number or party's name; a SIREN by its digits."""
    digits = "".join(words.split())
    if len(digits) == 9 and digits.isdigit():  # noqa: PLR2004 - a SIREN
        return invoices.filter(Q(seller_siren=digits) | Q(buyer_siren=digits))
    return invoices.filter(
        Q(number__icontains=words) | Q(seller_name__icontains=words) | Q(buyer_name__icontains=words)
    )
