"""The lists of invoices, of a company and of a firm, and the figures that open them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from clients.access import CompanyRequest, company_page, opened_client
from firms.access import FirmRequest, firm_page
from invoices.enums import FirmState
from invoices.selectors.company import invoices_of
from invoices.selectors.deposits import unsettled_deposits
from invoices.selectors.firm import firm_invoices_visible_to
from invoices.selectors.search import search_invoices
from invoices.tables import FirmInvoiceTable, InvoiceTable


@require_safe
@company_page()
def company_list(request: CompanyRequest) -> HttpResponse:
    invoices = invoices_of(request.company)
    if words := request.GET.get("q", "").strip():
        invoices = search_invoices(invoices, words)
    for field, name in (("direction", "sens"), ("state", "etat")):
        if value := request.GET.get(name):
            invoices = invoices.filter(**{field: value})
    filtered = any(request.GET.get(name) for name in ("q", "sens", "etat"))
    table = InvoiceTable(invoices, company=request.company, filtered=filtered)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"table": table, "rail": "invoices", "unsettled": unsettled_deposits(request.company)[:5]}
    return render(request, "invoices/company_list.html", context)


@require_safe
@firm_page()
def firm_list(request: FirmRequest) -> HttpResponse:
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
def of_client(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The latest invoices of one client file, for its page."""
    client = opened_client(request, pk=pk)
    parts = firm_invoices_visible_to(request.membership).filter(client=client.pk).defer("invoice__data")[:5]
    return render(request, "invoices/of_client.html", {"parts": parts, "client": client})
