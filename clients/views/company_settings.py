"""« Paramètres » of a company space, for its own people."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.proof import proof_response
from accounts.selectors import acceptances_of
from clients.access import CompanyRequest, company_page
from clients.permissions import can_manage_company


@require_safe
@company_page(firms_too=False)
def company_settings(request: CompanyRequest) -> HttpResponse:
    context = {
        "acceptances": acceptances_of(request.company.pk),
        "may_manage": can_manage_company(request.actor),
        "rail": "settings",
    }
    return render(request, "clients/company_settings.html", context)


@require_safe
@company_page(firms_too=False)
def company_terms_proof(request: CompanyRequest, pk: UUID) -> HttpResponse:
    acceptance = acceptances_of(request.company.pk).filter(pk=pk).first()
    if acceptance is None:
        raise Http404("Acceptation inconnue.")
    return proof_response(acceptance, party=request.company.name, siren=request.company.siren)
