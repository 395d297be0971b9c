"""The door of every firm page: the person's open membership in the firm of the URL, then that firm's tenant."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from accounts.models import User
from common.permissions import require
from common.tenancy import tenant
from firms.models import Membership
from firms.permissions import can_enter
from firms.selectors import get_membership_or_404
from firms.services import note_entry

P = ParamSpec("P")


class FirmRequest(HttpRequest):
    """A request on a page of a firm, by a person who belongs to it."""

    membership: Membership


FirmView = Callable[Concatenate[FirmRequest, P], HttpResponseBase]


def firm_page(
    *, may: Callable[[Membership], bool] = can_enter, sentence: str = "", waits: bool = False
) -> Callable[[FirmView[P]], Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]]:
    """
    Give the view its membership (404 unless open), inside the firm's tenant; the URL's `siret` is consumed.

    `may` and `sentence`: a permission of the role and what is said when it lacks. Until the firm's CGU are
    accepted, every page leads to them. `waits`: the view asks another service, so no tenant is open around it, which
    would hold a connection to the database all the while; its services open theirs.
    """

    def decorate(view: FirmView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
        @login_required
        @wraps(view)
        def door(request: HttpRequest, siret: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            membership = get_membership_or_404(cast("User", request.user), siret=siret)
            firm_request = cast("FirmRequest", request)
            firm_request.membership = membership
            if membership.firm.terms_accepted_at is None:
                return redirect("clients:terms", siret=siret)
            require(may(membership), sentence)
            if not getattr(request, "htmx", False):  # a part of a page that is open in another tab is no entry
                note_entry(membership)
            with nullcontext() if waits else tenant(firm=membership.firm_id):
                return view(firm_request, *args, **kwargs)

        return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]", door)

    return decorate


def firm_entrance(view: FirmView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]:
    """As firm_page, for what comes before the CGU: no tenant is open, the view's service opens its own."""

    @login_required
    @wraps(view)
    def door(request: HttpRequest, siret: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        firm_request = cast("FirmRequest", request)
        firm_request.membership = get_membership_or_404(cast("User", request.user), siret=siret)
        return view(firm_request, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]", door)
