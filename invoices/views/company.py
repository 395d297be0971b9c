"""The company's own invoices: page, decisions, files."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from clients.access import CompanyRequest, company_page
from invoices.files import serve
from invoices.pages import invoice_context
from invoices.selectors.company import get_invoice_or_404
from invoices.selectors.files import get_file_or_404
from invoices.services.decisions import DecisionError, refuse, undo, validate


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
