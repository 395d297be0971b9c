"""« Cabinets » of a company space: the firms that see its invoices, and those that ask to."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.access import CompanyRequest, company_page, own_member
from clients.models import CompanyMembership
from clients.permissions import can_manage_company
from common.navigation import url_or_none
from common.permissions import require
from common.typography import french
from invitations import services
from invitations.errors import InvitationError
from invitations.forms import AnswerForm, CloseForm
from invitations.models import Invitation
from invitations.spaces import connected_firms, earlier_access_of, get_request_or_404, requests_of


@require_safe
@company_page(firms_too=False)
def firms(request: CompanyRequest) -> HttpResponse:
    context = {
        "requests": requests_of(request.company),
        "firms": connected_firms(request.company),
        "may_answer": can_manage_company(request.actor),
        "form": AnswerForm(),
        "earlier": earlier_access_of(request.company),
        "earlier_url": url_or_none("invoices:earlier", siren=request.company.siren),
    }
    return render(request, "invitations/company_firms.html", context)


@require_POST
@company_page(firms_too=False)
def approve(request: CompanyRequest, pk: UUID) -> HttpResponse:
    return _answer(request, pk, approved=True)


@require_POST
@company_page(firms_too=False)
def decline(request: CompanyRequest, pk: UUID) -> HttpResponse:
    return _answer(request, pk, approved=False)


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(firms_too=False)
def close(request: CompanyRequest) -> HttpResponse:
    """What closing means; posted with the company's name, it is done."""
    require(can_manage_company(request.actor), "Seul un propriétaire ferme l'espace.")
    form = CloseForm(request.POST if request.method == "POST" else None, company_name=request.company.name)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_space(own_member(request))
        except InvitationError as error:
            form.add_error(None, french(str(error)))
        else:
            messages.success(request, french(f"L'espace de {request.company.name} est fermé."))
            return redirect("clients:companies")
    context = {"form": form, "firms": connected_firms(request.company), "rail": "settings"}
    return render(request, "invitations/close.html", context, status=422 if form.errors else 200)


def _answer(request: CompanyRequest, pk: UUID, *, approved: bool) -> HttpResponse:
    found = get_request_or_404(request.company, pk=pk)
    form = AnswerForm(request.POST)
    try:
        _say(own_member(request), found, form, approved=approved)
    except InvitationError as error:
        messages.warning(request, french(str(error)))
    else:
        outcome = "voit désormais les nouvelles factures de cet espace" if approved else "n'a pas accès à cet espace"
        messages.success(request, french(f"{found.firm.name} {outcome}."))
    return redirect("invitations:company_firms", request.company.siren)


def _say(actor: CompanyMembership, found: Invitation, form: AnswerForm, *, approved: bool) -> None:
    if not form.is_valid():
        raise InvitationError(next(iter(form.errors.values()))[0])
    if approved:
        agreed = services.Earlier(since=form.cleaned_data["since"]) if form.cleaned_data["earlier"] else None
        services.approve(actor, request=found, person_too=form.cleaned_data["person_too"], earlier=agreed)
    else:
        services.decline(actor, request=found, reason=form.cleaned_data["reason"])
