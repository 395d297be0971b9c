from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from clients.models import Company
from invoices.models import CompanyExport


def exports_of(company: Company) -> QuerySet[CompanyExport]:
    """The archives that the company asked for, latest first."""
    return CompanyExport.objects.filter(company=company.pk).order_by("-created_at")


def get_export_or_404(company: Company, *, pk: UUID) -> CompanyExport:
    export = exports_of(company).filter(pk=pk).first()
    if export is None:
        raise Http404("Archive inconnue.")
    return export
