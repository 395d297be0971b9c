"""The invoices of the firm's clients, as the firm sees them."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from clients.access import note_look
from common.tenancy import tenant
from firms.access import FirmRequest, firm_page
from invoices.files import serve
from invoices.models import FirmInvoice
from invoices.pages import invoice_context
from invoices.selectors.files import get_file_or_404
from invoices.selectors.firm import active_client_of, get_firm_invoice_or_404
from invoices.services.decisions import DecisionError, validate


@require_safe
@firm_page()
def invoice_detail(request: FirmRequest, pk: UUID) -> HttpResponse:
    part = _opened(request, pk)
    context = {**invoice_context(part.invoice), "part": part, "rail": "invoices", "may_decide": active_client_of(part)}
    return render(request, "invoices/firm_detail.html", context)


@require_safe
@firm_page()
def invoice_file(request: FirmRequest, pk: UUID, kind: str) -> FileResponse:
    part = _opened(request, pk)
    file = get_file_or_404(part.invoice, kind=kind)
    return serve(file.stored_as, name=file.name, size=file.size, media_type=file.media_type)


def _opened(request: FirmRequest, pk: UUID) -> FirmInvoice:
    part = get_firm_invoice_or_404(request.membership, pk=pk)
    note_look(request, request.membership, part.client)
    return part


@require_POST
@firm_page()
def validate_invoice(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The firm validates for its « Actif » client, in the company's tenant that this client file proves."""
    part = get_firm_invoice_or_404(request.membership, pk=pk)
    if active_client_of(part) is None:
        messages.error(request, "Ce dossier n'est plus actif : la facture reste lisible, sans plus.")
        return redirect("invoices:firm_detail", request.membership.firm.siret, pk)
    try:
        with tenant(firm=part.firm_id, company=part.company_id):
            validate(request.membership, invoice=part.invoice)
    except DecisionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Facture validée : elle est à transférer.")
    return redirect("invoices:firm_detail", request.membership.firm.siret, pk)
