"""« Valider » for the ticked rows of a list, or for all that its filter finds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from clients.access import CompanyRequest, company_page
from common.ids import uuids_in
from common.templatetags.jf import plural
from common.tenancy import tenant
from common.typography import french
from firms.access import FirmRequest, firm_page
from invoices.filters import FirmInvoiceFilter, InvoiceFilter
from invoices.selectors.company import invoices_of
from invoices.selectors.firm import firm_list_of
from invoices.services.bulk import UNSEEN, Outcome, validate_for_company, validate_for_firm


@require_POST
@company_page()
def company_bulk(request: CompanyRequest) -> HttpResponse:
    invoices = invoices_of(request.company)
    if request.POST.get("all"):
        invoices = InvoiceFilter(request.GET, queryset=invoices).qs
    else:
        invoices = invoices.filter(pk__in=uuids_in(_ticked(request)))
    _tell(request, validate_for_company(request.actor, invoices=invoices))
    return _back(request, reverse("invoices:company_list", args=[request.company.siren]))


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
    _tell(request, validate_for_firm(member, parts=parts))
    return _back(request, reverse("invoices:firm_list", args=[member.firm.siret]))


def _ticked(request: HttpRequest) -> set[str]:
    return set(request.POST.getlist("ids"))


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    refused = dict(outcome.refused)
    asked = 0 if request.POST.get("all") else len(_ticked(request))
    if unseen := asked - outcome.done - sum(refused.values()) if asked else 0:
        refused[UNSEEN] = unseen
    told = plural(outcome.done, "facture validée,factures validées")
    left = ", ".join(plural(count, reason) for reason, count in sorted(refused.items()) if count)
    if left:
        told += french(f", {plural(sum(refused.values()), 'non validée,non validées')} : {left}")
    (messages.success if outcome.done else messages.warning)(request, f"{told}.")


def _back(request: HttpRequest, address: str) -> HttpResponse:
    """The list as it was: its filters are in the address of the act as well."""
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)
