"""« Valider » for the ticked rows of a list, or for all that its filter finds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from clients.access import CompanyRequest, company_page
from common.ids import uuids_in
from common.templatetags.jf import plural
from common.tenancy import tenant
from common.typography import french, number
from firms.access import FirmRequest, firm_page
from invoices.filters import FirmInvoiceFilter, InvoiceFilter
from invoices.selectors.company import invoices_of
from invoices.selectors.firm import firm_list_of
from invoices.services.bulk import MOST_COUNTED, UNSEEN, Outcome, validate_for_company, validate_for_firm


@require_POST
@company_page()
def company_bulk(request: CompanyRequest) -> HttpResponse:
    invoices = invoices_of(request.company)
    if request.POST.get("all"):
        invoices = InvoiceFilter(request.GET, queryset=invoices).qs
    else:
        invoices = invoices.filter(pk__in=uuids_in(_ticked(request)))
    outcome = validate_for_company(request.actor, invoices=invoices)
    address = reverse("invoices:company_list", args=[request.company.siren])
    return _answer(request, outcome, address, base="base_company.html")


@require_POST
@firm_page(waits=True)
def firm_bulk(request: FirmRequest) -> HttpResponse:
    """No transaction around it: each company's invoices are one of their own."""
    member = request.membership
    with tenant(firm=member.firm_id):
        parts = firm_list_of(member)
        if request.POST.get("all"):
            parts = FirmInvoiceFilter(request.GET, queryset=parts, membership=member).qs
        else:
            parts = parts.filter(pk__in=uuids_in(_ticked(request)))
    outcome = validate_for_firm(member, parts=parts)
    with tenant(firm=member.firm_id):
        return _answer(request, outcome, reverse("invoices:firm_list", args=[member.firm.siret]), base="base_firm.html")


def _ticked(request: HttpRequest) -> set[str]:
    return set(request.POST.getlist("ids"))


def _answer(request: HttpRequest, outcome: Outcome, address: str, *, base: str) -> HttpResponse:
    """The list as it was, its filters being in the address of the act too; or a page to go on from by one click."""
    back = f"{address}?{request.GET.urlencode()}" if request.GET else address
    told = _told(request, outcome)
    if not outcome.left:
        (messages.success if outcome.done else messages.warning)(request, told)
        return redirect(back)
    waits = plural(outcome.left, "facture attend encore,factures attendent encore")
    if outcome.left > MOST_COUNTED:
        waits = f"Plus de {number(MOST_COUNTED)} factures attendent encore"
    ticked = [] if request.POST.get("all") else sorted(_ticked(request))
    context = {"base": base, "told": told, "waits": waits, "ticked": ticked, "back": back, "rail": "invoices"}
    return render(request, "invoices/bulk_left.html", context)


def _told(request: HttpRequest, outcome: Outcome) -> str:
    refused = dict(outcome.refused)
    asked = 0 if request.POST.get("all") else len(_ticked(request))
    if unseen := asked - outcome.done - outcome.left - sum(refused.values()) if asked else 0:
        refused[UNSEEN] = unseen
    told = plural(outcome.done, "facture validée,factures validées")
    left = ", ".join(plural(count, reason) for reason, count in sorted(refused.items()) if count)
    if left:
        told += french(f", {plural(sum(refused.values()), 'non validée,non validées')} : {left}")
    return f"{told}."
