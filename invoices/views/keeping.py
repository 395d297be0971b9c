"""« Conservation » of one invoice: until when, held by whom, and whether its files are what they were."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clients.access import CompanyRequest, company_page, note_look
from common.tenancy import tenant
from firms.access import FirmRequest, firm_page
from invoices.models import Invoice
from invoices.selectors.company import get_invoice_or_404
from invoices.selectors.firm import active_client_of, get_firm_invoice_or_404
from invoices.selectors.retention import kept
from invoices.services.retention import Actor, HoldError, lift_hold, place_hold


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def company_kept(request: CompanyRequest, pk: UUID) -> HttpResponse:
    invoice = get_invoice_or_404(request.company, pk=pk)
    back = reverse("invoices:company_detail", args=[request.company.siren, pk])
    if request.method == "POST":
        _hold(request, request.actor, invoice)
        return redirect(back)
    return _shown(request, request.actor, invoice, back=back, base="base_company.html", may_act=True)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def firm_kept(request: FirmRequest, pk: UUID) -> HttpResponse:
    """A firm acts for its « Actif » client, in the company's tenant that this client file proves."""
    part = get_firm_invoice_or_404(request.membership, pk=pk)
    note_look(request, request.membership, part.client)
    may_act = active_client_of(part) is not None
    back = reverse("invoices:firm_detail", args=[request.membership.firm.siret, pk])
    if request.method != "POST":
        return _shown(request, request.membership, part.invoice, back=back, base="base_firm.html", may_act=may_act)
    if not may_act:
        messages.error(request, "Ce dossier n'est plus actif : la facture reste lisible, sans plus.")
    else:
        with tenant(firm=part.firm_id, company=part.company_id):
            _hold(request, request.membership, part.invoice)
    return redirect(back)


def _hold(request: HttpRequest, actor: Actor, invoice: Invoice) -> None:
    lifts = request.POST.get("act") == "lift"
    try:
        (lift_hold if lifts else place_hold)(actor, invoice=invoice, reason=request.POST.get("reason", ""))
    except HoldError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "La prolongation est levée." if lifts else "La conservation est prolongée.")


def _shown(
    request: HttpRequest, actor: Actor, invoice: Invoice, *, back: str, base: str, may_act: bool
) -> HttpResponse:
    """A page of its own; a part of the invoice's page where that asks for it."""
    template = "invoices/kept.html" if request.headers.get("HX-Request") else "invoices/kept_page.html"
    context = {"invoice": invoice, "kept": kept(actor, invoice), "may_act": may_act, "back": back, "base": base}
    return render(request, template, {**context, "rail": "invoices"})
