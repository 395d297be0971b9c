"""The page of an invoice of one of the firm's clients, as the firm sees it and acts for the client."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clients.access import note_look
from common.tenancy import tenant
from firms.access import FirmRequest, firm_page
from invoices.files import serve, shown
from invoices.filters import FirmInvoiceFilter
from invoices.models import FirmInvoice, Invoice
from invoices.pages import Place, invoice_context, list_query
from invoices.selectors.files import get_file_or_404
from invoices.selectors.firm import active_client_of, firm_list_of, get_firm_invoice_or_404
from invoices.selectors.neighbours import neighbours_of
from invoices.views import acts


@require_safe
@firm_page()
def invoice_detail(request: FirmRequest, pk: UUID) -> HttpResponse:
    part = _opened(request, pk)
    member = request.membership
    place = Place("firm", member.firm.siret, part.pk)
    query = list_query(request, place)
    listed = FirmInvoiceFilter(query, queryset=firm_list_of(member), membership=member).qs
    beside = neighbours_of(listed, part)
    context = {
        **invoice_context(request, part.invoice, place=place, beside=beside, query=query),
        "part": part,
        "may_decide": active_client_of(part) is not None,
        "rail": "invoices",
    }
    return render(request, "invoices/firm_detail.html", context)


@require_safe
@firm_page()
def invoice_file(request: FirmRequest, pk: UUID, kind: str) -> FileResponse:
    file = get_file_or_404(_opened(request, pk).invoice, kind=kind)
    return serve(file.stored_as, name=file.name, size=file.size, media_type=file.media_type)


@require_safe
@firm_page()
def invoice_preview(request: FirmRequest, pk: UUID, kind: str) -> FileResponse:
    """The PDF or the image, as the page beside the data shows it."""
    return shown(get_file_or_404(_opened(request, pk).invoice, kind=kind))


@require_POST
@firm_page()
def decide(request: FirmRequest, pk: UUID, act: str) -> HttpResponse:
    return _act(request, pk, lambda invoice: acts.decide(request, request.membership, invoice, act))


@require_POST
@firm_page()
def set_status(request: FirmRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, lambda invoice: acts.set_status(request, request.membership, invoice))


@require_POST
@firm_page()
def add_comment(request: FirmRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, lambda invoice: acts.add_comment(request, request.membership, invoice))


def _opened(request: FirmRequest, pk: UUID) -> FirmInvoice:
    part = get_firm_invoice_or_404(request.membership, pk=pk)
    note_look(request, request.membership, part.client)
    return part


def _act(request: FirmRequest, pk: UUID, act: Callable[[Invoice], None]) -> HttpResponse:
    """For its « Actif » client, in the company's tenant that its file proves; then the page as it was."""
    part = get_firm_invoice_or_404(request.membership, pk=pk)
    if active_client_of(part) is None:
        messages.error(request, "Ce dossier n'est plus actif : la facture reste lisible, sans plus.")
    else:
        with tenant(firm=part.firm_id, company=part.company_id):
            act(part.invoice)
    address = reverse("invoices:firm_detail", args=[request.membership.firm.siret, pk])
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)
