"""The invoices of the firm's clients, as the firm sees them."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from clients.access import note_look, opened_client
from common.tenancy import tenant
from firms.access import FirmRequest, firm_page
from invoices.enums import FirmState
from invoices.files import serve
from invoices.models import FirmInvoice
from invoices.pages import invoice_context
from invoices.selectors.files import get_file_or_404
from invoices.selectors.firm import active_client_of, firm_invoices_visible_to, get_firm_invoice_or_404
from invoices.services.decisions import DecisionError, validate
from invoices.tables import FirmInvoiceTable


@require_safe
@firm_page()
def invoice_list(request: FirmRequest) -> HttpResponse:
    parts = firm_invoices_visible_to(request.membership)
    for field, name in (("direction", "sens"), ("state", "etat")):
        if value := request.GET.get(name):
            parts = parts.filter(**{field: value})
    filtered = any(request.GET.get(name) for name in ("sens", "etat"))
    table = FirmInvoiceTable(parts, firm=request.membership.firm, filtered=filtered)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"table": table, "rail": "invoices", "states": FirmState.choices}
    return render(request, "invoices/firm_list.html", context)


@require_safe
@firm_page()
def figures(request: FirmRequest) -> HttpResponse:
    """How many invoices wait, and for whom, for « Accueil »; each figure opens its list."""
    address = reverse("invoices:firm_list", args=[request.membership.firm.siret])
    notes = {FirmState.PENDING: "le client doit les valider", FirmState.TO_TRANSFER: "votre logiciel peut les prendre"}
    shown = [
        {
            "word": state.label,
            "note": note,
            "value": firm_invoices_visible_to(request.membership).filter(state=state).count(),
            "url": f"{address}?etat={state.value}",
        }
        for state, note in notes.items()
    ]
    return render(request, "components/figs.html", {"figs": shown, "label": "Factures"})


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


@require_safe
@firm_page()
def of_client(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The latest invoices of one client file, for its page."""
    client = opened_client(request, pk=pk)
    parts = firm_invoices_visible_to(request.membership).filter(client=client.pk).defer("invoice__data")[:5]
    return render(request, "invoices/of_client.html", {"parts": parts, "client": client})
