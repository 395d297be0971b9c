"""The company's own invoices: list, page, decisions, files."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from clients.access import CompanyRequest, company_page
from invoices.files import serve
from invoices.pages import invoice_context
from invoices.selectors.company import get_invoice_or_404, invoices_of
from invoices.selectors.deposits import unsettled_deposits
from invoices.selectors.files import get_file_or_404
from invoices.selectors.search import search_invoices
from invoices.services.decisions import DecisionError, refuse, undo, validate
from invoices.tables import InvoiceTable


@require_safe
@company_page()
def invoice_list(request: CompanyRequest) -> HttpResponse:
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
@company_page()
def invoice_detail(request: CompanyRequest, pk: UUID) -> HttpResponse:
    invoice = get_invoice_or_404(request.company, pk=pk)
    return render(request, "invoices/company_detail.html", {**invoice_context(invoice), "rail": "invoices"})


@require_safe
@company_page()
def invoice_file(request: CompanyRequest, pk: UUID, kind: str) -> FileResponse:
    file = get_file_or_404(get_invoice_or_404(request.company, pk=pk), kind=kind)
    return serve(file.stored_as, name=file.name, size=file.size, media_type=file.media_type)


@require_POST
@company_page()
def decide(request: CompanyRequest, pk: UUID, act: str) -> HttpResponse:
    """« Valider », « Refuser » (with its reason), « Annuler la décision »."""
    invoice = get_invoice_or_404(request.company, pk=pk)
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "valider": (
            lambda: validate(request.actor, invoice=invoice),
            "Facture validée : votre cabinet peut la prendre.",
        ),
        "refuser": (
            lambda: refuse(request.actor, invoice=invoice, reason=request.POST.get("reason", "")),
            "Facture refusée.",
        ),
        "annuler": (lambda: undo(request.actor, invoice=invoice), "La facture est de nouveau à valider."),
    }
    _run(request, *acts[act])
    return redirect("invoices:company_detail", request.company.siren, invoice.pk)


def _run(request: CompanyRequest, act: Callable[[], None], done: str) -> None:
    try:
        act()
    except DecisionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
