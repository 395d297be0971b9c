"""Entering: the firm's CGU, and the company spaces of one person."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Audience
from accounts.models import User
from accounts.services import current_terms
from clients.selectors import companies_of
from clients.services import open_firm
from common.clientip import client_ip
from firms.access import FirmRequest, firm_entrance
from firms.permissions import can_accept_terms
from firms.selectors import experts_of


@require_http_methods(["GET", "HEAD", "POST"])
@firm_entrance
def terms(request: FirmRequest) -> HttpResponse:
    """The firm's CGU, before anything else; who may not accept is told who can."""
    membership = request.membership
    firm = membership.firm
    if firm.terms_accepted_at is not None:
        return redirect("clients:list", firm.siret)
    if not can_accept_terms(membership):
        return render(request, "clients/terms_wait.html", {"firm": firm, "experts": experts_of(firm)})
    missing = False
    if request.method == "POST":
        missing = request.POST.get("accept") != "on"
        if not missing:
            open_firm(membership, ip=client_ip(request), user_agent=request.headers.get("User-Agent", ""))
            return redirect("clients:list", firm.siret)
    context = {"firm": firm, "terms": current_terms(Audience.FIRM), "missing": missing}
    return render(request, "clients/terms.html", context, status=422 if missing else 200)


@require_safe
@login_required
def companies(request: HttpRequest) -> HttpResponse:
    """One company space: go in. Several: choose. None: say what to do."""
    found = companies_of(cast("User", request.user))
    if len(found) == 1 and "choisir" not in request.GET:
        return redirect("invoices:company_list", found[0].siren)
    return render(request, "clients/companies.html", {"companies": found})
