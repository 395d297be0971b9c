"""The door of every company page: a member of the company, or a firm's member through an « Actif » client file."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.models import User
from clients.models import Client, Company, CompanyMembership
from clients.permissions import can_see_every_client
from clients.selectors import active_client_for, company_membership, get_client_or_404
from common.journal import record
from common.tenancy import tenant
from firms.access import FirmRequest
from firms.models import Membership

P = ParamSpec("P")
_ENTERED = "companies_entered"
_LOOKED_AT = "confidential_looked_at"
#: Seconds for which a look at a confidential file stands for those that follow, in one session.
LOOK_LASTS = 900


class CompanyRequest(HttpRequest):
    """A request on a page of a company space."""

    company: Company
    #: Who acts: the company's own member, or a member of one of its firms.
    actor: CompanyMembership | Membership
    #: The client file by which a firm's member came in; None for the company's own people.
    client: Client | None


CompanyView = Callable[Concatenate[CompanyRequest, P], HttpResponseBase]


def company_page(
    *, firms_too: bool = True, waits: bool = False
) -> Callable[[CompanyView[P]], Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]]:
    """
    Give the view its company and actor (404 unless he or she may enter), inside the tenant; `siren` is consumed.

    `firms_too` false keeps the firms' members out (the company's users and settings are its own). `waits`: the view
    asks another service, so no tenant is open around it, which would keep a connection waiting; it opens its own.
    """

    def decorate(view: CompanyView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
        @login_required
        @wraps(view)
        def door(request: HttpRequest, siren: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            company_request = cast("CompanyRequest", request)
            firm = _enter(company_request, siren, firms_too=firms_too)
            with tenant(firm=firm, company=company_request.company.pk):
                _note_firm_entry(company_request)
                if isinstance(company_request.actor, Membership) and company_request.client is not None:
                    note_look(request, company_request.actor, company_request.client)
                if not waits:
                    return view(company_request, *args, **kwargs)
            return view(company_request, *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]", door)

    return decorate


def own_member(request: CompanyRequest) -> CompanyMembership:
    """Who acts on a page that keeps the firms out (`firms_too=False`)."""
    return cast("CompanyMembership", request.actor)


def opened_client(request: FirmRequest, *, pk: UUID) -> Client:
    """The client file that a page or a part of one shows."""
    client = get_client_or_404(request.membership, pk=pk)
    note_look(request, request.membership, client)
    return client


def note_look(request: HttpRequest, member: Membership, client: Client) -> None:
    """An administrateur's look at a confidential file is in the journal: he or she was not named on it by anybody."""
    if not (client.confidential and can_see_every_client(member)):
        return
    now = int(time())
    looks = {pk: at for pk, at in request.session.get(_LOOKED_AT, {}).items() if at > now - LOOK_LASTS}
    if str(client.pk) not in looks:
        record(member, "client.looked_at", client)
        request.session[_LOOKED_AT] = {**looks, str(client.pk): now}


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
