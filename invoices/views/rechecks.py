"""« Contrôler de nouveau » a period of a company's invoices, and what the rules of today find otherwise."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clients.access import CompanyRequest, company_page
from invoices.forms import RecheckForm
from invoices.permissions import can_recheck
from invoices.selectors.rechecks import (
    changed_checks,
    difference,
    get_recheck_or_404,
    outdated_invoices,
    rechecks_of,
)
from invoices.services.rechecking import RecheckError, start_recheck

_RUNS = 20
_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@company_page()
def recheck_list(request: CompanyRequest) -> HttpResponse:
    """The runs so far and the form of a new one; posted, it begins."""
    form = RecheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recheck = start_recheck(request.actor, company_id=request.company.pk, **form.cleaned_data)
        except RecheckError as error:
            messages.error(request, str(error))
        else:
            return redirect("invoices:recheck", request.company.siren, recheck.pk)
    context = {
        "form": form,
        "runs": rechecks_of(request.company)[:_RUNS],
        "outdated": outdated_invoices(request.company),
        "may_recheck": can_recheck(request.actor),
        "rail": "invoices",
    }
    return render(request, "invoices/rechecks.html", context)


@require_safe
@company_page()
def recheck_detail(request: CompanyRequest, pk: UUID) -> HttpResponse:
    recheck = get_recheck_or_404(request.company, pk=pk)
    changed = list(changed_checks(recheck)[: _SHOWN + 1])
    context = {
        "recheck": recheck,
        "differences": [difference(check) for check in changed[:_SHOWN]],
        "more": len(changed) > _SHOWN,
        "rail": "invoices",
    }
    return render(request, "invoices/recheck.html", context)


@require_safe
@company_page()
def progress(request: CompanyRequest, pk: UUID) -> HttpResponse:
    """The progress card; when there is nothing more to wait for, the page with the differences is loaded."""
    recheck = get_recheck_or_404(request.company, pk=pk)
    response = render(request, "invoices/recheck_progress.html", {"recheck": recheck})
    if not recheck.is_running:
        response["HX-Refresh"] = "true"
    return response
