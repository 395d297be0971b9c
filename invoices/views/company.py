"""The page of one of the company's own invoices: what is said, its files, its decisions, its comments."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clients.access import CompanyRequest, company_page
from invoices.files import serve, shown
from invoices.filters import InvoiceFilter
from invoices.pages import Place, invoice_context, list_query
from invoices.selectors.company import get_invoice_or_404, invoices_of
from invoices.selectors.files import get_file_or_404
from invoices.selectors.neighbours import neighbours_of
from invoices.views import acts


@require_safe
@company_page()
def invoice_detail(request: CompanyRequest, pk: UUID) -> HttpResponse:
    invoice = get_invoice_or_404(request.company, pk=pk)
    place = Place("company", request.company.siren, invoice.pk)
    query = list_query(request, place)
    beside = neighbours_of(InvoiceFilter(query, queryset=invoices_of(request.company)).qs, invoice)
    context = invoice_context(request, invoice, place=place, beside=beside, query=query)
    return render(request, "invoices/company_detail.html", {**context, "may_decide": True, "rail": "invoices"})


@require_safe
@company_page()
def invoice_file(request: CompanyRequest, pk: UUID, kind: str) -> FileResponse:
    file = get_file_or_404(get_invoice_or_404(request.company, pk=pk), kind=kind)
    return serve(file.stored_as, name=file.name, size=file.size, media_type=file.media_type)


@require_safe
@company_page()
def invoice_preview(request: CompanyRequest, pk: UUID, kind: str) -> FileResponse:
    """The PDF or the image, as the page beside the data shows it."""
    return shown(get_file_or_404(get_invoice_or_404(request.company, pk=pk), kind=kind))


@require_POST
@company_page()
def decide(request: CompanyRequest, pk: UUID, act: str) -> HttpResponse:
    acts.decide(request, request.actor, get_invoice_or_404(request.company, pk=pk), act)
    return _back(request, request.company.siren, pk)


@require_POST
@company_page()
def set_status(request: CompanyRequest, pk: UUID) -> HttpResponse:
    acts.set_status(request, request.actor, get_invoice_or_404(request.company, pk=pk))
    return _back(request, request.company.siren, pk)


@require_POST
@company_page()
def add_comment(request: CompanyRequest, pk: UUID) -> HttpResponse:
    acts.add_comment(request, request.actor, get_invoice_or_404(request.company, pk=pk))
    return _back(request, request.company.siren, pk)


def _back(request: HttpRequest, siren: str, pk: UUID) -> HttpResponse:
    """The page as it was: its tab and the list that it was opened from are in the address of the act as well."""
    address = reverse("invoices:company_detail", args=[siren, pk])
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)
