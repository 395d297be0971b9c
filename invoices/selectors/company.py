from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from clients.models import Company
from invoices.models import Invoice


def invoices_of(company: Company) -> QuerySet[Invoice]:
    """The company's invoices, latest first."""
    return Invoice.objects.filter(company=company.pk).order_by("-issue_date", "-id")


def get_invoice_or_404(company: Company, *, pk: UUID) -> Invoice:
    invoice = invoices_of(company).filter(pk=pk).first()
    if invoice is None:
        raise Http404("Facture inconnue.")
    return invoice
