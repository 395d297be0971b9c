"""What is done with a list of invoices as it is narrowed: its sums, its workbook, and keeping it as a view."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from accounts.models import User
from clients.access import CompanyRequest, company_page
from common.ids import uuids_in
from common.tables import MOST_COUNTED, PAGE_SIZES
from common.typography import number
from common.xlsx import CONTENT_TYPE
from firms.access import FirmRequest, firm_page
from invoices.models import FirmInvoice, Invoice
from invoices.selectors.sums import totals_of
from invoices.services.listing import MOST_EXPORTED, Listed, export_list
from invoices.services.views import Place, SavedViewError, remove_view, save_view
from invoices.tables import FirmInvoiceTable, InvoiceTable
from invoices.views.lists import FREE, company_filters_and_table, firm_filters_and_table

_TURNED = ("apres", "avant", "page")


@require_http_methods(["GET", "POST"])
@company_page()
def company_sums(request: CompanyRequest) -> HttpResponse:
    return _sums(request, company_filters_and_table(request)[1])


@require_http_methods(["GET", "POST"])
@firm_page()
def firm_sums(request: FirmRequest) -> HttpResponse:
    return _sums(request, firm_filters_and_table(request)[1])


@require_safe
@company_page()
def company_export(request: CompanyRequest) -> HttpResponseBase:
    listed = Listed(Invoice, company=request.company.pk, firm=request.client.firm_id if request.client else None)
    return _export(request, company_filters_and_table(request)[1], listed)


@require_safe
@firm_page()
def firm_export(request: FirmRequest) -> HttpResponseBase:
    return _export(request, firm_filters_and_table(request)[1], Listed(FirmInvoice, firm=request.membership.firm_id))


@require_POST
@company_page()
def company_view(request: CompanyRequest) -> HttpResponse:
    return _keep_view(request, "invoices:company_list", request.company.siren, {"company_id": request.company.pk})


@require_POST
@firm_page()
def firm_view(request: FirmRequest) -> HttpResponse:
    firm = request.membership.firm
    return _keep_view(request, "invoices:firm_list", firm.siret, {"firm_id": firm.pk})


def _sums(request: HttpRequest, table: InvoiceTable | FirmInvoiceTable) -> HttpResponse:
    ticked = [] if request.POST.get("all") else uuids_in(request.POST.getlist("ids")[: PAGE_SIZES[-1]])
    totals = totals_of(table.query, ticked=ticked)
    counted = sum(total.count for total in totals)
    context = {"totals": totals, "ticked": bool(ticked), "cut": not ticked and counted >= MOST_COUNTED}
    return render(request, "invoices/sums.html", context)


def _export(request: HttpRequest, table: InvoiceTable | FirmInvoiceTable, listed: Listed) -> HttpResponseBase:
    RequestConfig(request, paginate=False).configure(table)
    keys = list(table.query.values_list("pk", flat=True)[: MOST_EXPORTED + 1])
    if len(keys) > MOST_EXPORTED:
        messages.error(
            request, f"Plus de {number(MOST_EXPORTED)} factures : réduisez la période ou choisissez un client."
        )
        return redirect(f"{request.path.removesuffix('exporter/')}?{request.GET.urlencode()}")
    actor = getattr(request, "actor", None) or cast("FirmRequest", request).membership
    response = StreamingHttpResponse(export_list(actor, listed=listed, keys=keys), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="factures-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return response


def _keep_view(request: HttpRequest, name: str, argument: str, place: Place) -> HttpResponse:
    """« Enregistrer cette vue », or « Supprimer » where one is named."""
    person, query = cast("User", request.user), request.GET.copy()
    for turned in _TURNED:
        query.pop(turned, None)
    here = query.urlencode() or FREE
    try:
        if pk := request.POST.get("supprimer"):
            remove_view(person, place=place, pk=UUID(pk))
            messages.success(request, "Vue supprimée.")
        else:
            default = bool(request.POST.get("defaut"))
            view = save_view(person, place=place, name=request.POST.get("nom", ""), query=here, default=default)
            messages.success(request, f"Vue « {view.name} » enregistrée.")
    except SavedViewError as error:
        messages.error(request, str(error))
    except ValueError:
        messages.error(request, "Cette vue n'existe plus.")
    return redirect(f"{reverse(name, args=[argument])}?{here}")
