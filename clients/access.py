"""The door of every company page: a member of the company, or a firm's member through an « Actif » client file."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.models import User
from clients.models import Client, Company, CompanyMembership
from clients.selectors import active_client_for, company_membership
from common.journal import record
from common.tenancy import tenant
from firms.models import Membership

P = ParamSpec("P")
_ENTERED = "companies_entered"


class CompanyRequest(HttpRequest):
    """A request on a page of a company space."""

    company: Company
    #: Who acts: the company's own member, or a member of one of its firms.
    actor: CompanyMembership | Membership
    #: The client file by which a firm's member came in; None for the company's own people.
    client: Client | None


CompanyView = Callable[Concatenate[CompanyRequest, P], HttpResponseBase]


def company_page(
    *, firms_too: bool = True
) -> Callable[[CompanyView[P]], Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]]:
    """
    Give the view its company and actor (404 unless he or she may enter), inside the tenant; `siren` is consumed.

    `firms_too` false keeps the firms' members out (the company's users and settings are its own).
    """

    def decorate(view: CompanyView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
        @login_required
        @wraps(view)
        def door(request: HttpRequest, siren: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            company_request = cast("CompanyRequest", request)
            firm = _enter(company_request, siren, firms_too=firms_too)
            with tenant(firm=firm, company=company_request.company.pk):
                _note_firm_entry(company_request)
                return view(company_request, *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]", door)

    return decorate


def own_member(request: CompanyRequest) -> CompanyMembership:
    """Who acts on a page that keeps the firms out (`firms_too=False`)."""
    return cast("CompanyMembership", request.actor)


def _note_firm_entry(request: CompanyRequest) -> None:
    """A firm's member at work in a client's space is in the journal, once per session and space."""
    seen = request.session.get(_ENTERED, [])
    company = str(request.company.pk)
    if isinstance(request.actor, Membership) and company not in seen:
        record(request.actor, "company.entered_by_firm", request.client)
        request.session[_ENTERED] = [*seen, company][-50:]


def _enter(request: CompanyRequest, siren: str, *, firms_too: bool) -> UUID | None:
    user = cast("User", request.user)
    if user.is_company_user:
        membership = company_membership(user, siren=siren)
        if membership is not None:
            request.company, request.actor, request.client = membership.company, membership, None
            return None
    elif firms_too and (found := active_client_for(user, siren=siren)) is not None:
        firm_member, client = found
        if client.company is not None:
            request.company, request.actor, request.client = client.company, firm_member, client
            return firm_member.firm_id
    raise Http404("Entreprise inconnue.")
