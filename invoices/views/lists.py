"""The lists of invoices, of a company and of a firm."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from accounts.models import User
from clients.access import CompanyRequest, company_page, opened_client
from common.filtering import Filters, chips_of, without_filters
from firms.access import FirmRequest, firm_page
from invoices.filters import FirmInvoiceFilter, InvoiceFilter
from invoices.selectors.company import invoices_of
from invoices.selectors.deposits import unsettled_deposits
from invoices.selectors.firm import firm_invoices_visible_to, firm_list_of
from invoices.selectors.search import MOST_FOUND
from invoices.selectors.views import views_of
from invoices.services.views import Place
from invoices.tables import FirmInvoiceTable, InvoiceTable

#: In the address of a list that was narrowed on the spot: it does not open with the person's own view.
FREE = "vue=libre"


@require_safe
@company_page()
def company_list(request: CompanyRequest) -> HttpResponse:
    filters, table = company_filters_and_table(request)
    place: Place = {"company_id": request.company.pk}
    context = _context(request, filters, table, place)
    if isinstance(context, HttpResponse):
        return context
    context["bulk_actions"] = bulk_actions(reverse("invoices:company_bulk", args=[request.company.siren]), request)
    context["unsettled"] = unsettled_deposits(request.company)[:5]
    return render(request, "invoices/company_list.html", context)


@require_safe
@firm_page()
def firm_list(request: FirmRequest) -> HttpResponse:
    filters, table = firm_filters_and_table(request)
    context = _context(request, filters, table, {"firm_id": request.membership.firm_id})
    if isinstance(context, HttpResponse):
        return context
    context["bulk_actions"] = bulk_actions(reverse("invoices:firm_bulk", args=[request.membership.firm.siret]), request)
    return render(request, "invoices/firm_list.html", context)


@require_safe
@firm_page()
def of_client(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The latest invoices of one client file, for its page."""
    client = opened_client(request, pk=pk)
    parts = firm_invoices_visible_to(request.membership).filter(client=client.pk).defer("invoice__data")[:5]
    return render(request, "invoices/of_client.html", {"parts": parts, "client": client})


def company_filters_and_table(request: CompanyRequest) -> tuple[InvoiceFilter, InvoiceTable]:
    filters = InvoiceFilter(request.GET, queryset=invoices_of(request.company))
    person = cast("User", request.user)
    table = InvoiceTable(
        filters.qs, company=request.company, place=request.GET, person=person, filtered=filters.is_used
    )
    return filters, table


def firm_filters_and_table(request: FirmRequest) -> tuple[FirmInvoiceFilter, FirmInvoiceTable]:
    member = request.membership
    filters = FirmInvoiceFilter(request.GET, queryset=firm_list_of(member), membership=member)
    table = FirmInvoiceTable(
        filters.qs, firm=member.firm, place=request.GET, person=member.user, filtered=filters.is_used
    )
    return filters, table


def bulk_actions(address: str, request: HttpRequest) -> list[dict[str, str]]:
    """What can be done with the ticked invoices, or with all that the filter finds."""
    url = f"{address}?{request.GET.urlencode()}"
    question = "Elles pourront être prises par le cabinet. Celles qui ne sont pas à valider restent comme elles sont."
    title = "Valider ces factures\u202f?"
    return [{"label": "Valider", "icon": "check", "url": url, "confirm": question, "title": title}]


def _context(
    request: HttpRequest, filters: Filters, table: InvoiceTable | FirmInvoiceTable, place: Place
) -> dict[str, Any] | HttpResponse:
    """What both lists show; or the way to the view that this person's list opens with."""
    views = list(views_of(cast("User", request.user), **place))
    default = next((view for view in views if view.is_default), None)
    if default is not None and not request.GET:
        return redirect(f"{request.path}?{default.query or FREE}")
    RequestConfig(request).configure(table)
    return {
        "table": table,
        "filters": filters,
        "chosen": {name: request.GET.getlist(name) for name in filters.filters},
        "filter_chips": chips_of(filters, request.GET),
        "without_filters": without_filters(filters, request.GET) or FREE,
        "rail": "invoices",
        "views": views,
        "cut": table.count >= MOST_FOUND and bool(request.GET.get("q", "").strip()),
        "most_found": MOST_FOUND,
    }
