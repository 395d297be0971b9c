"""Which firm to enter, and the firm's first page."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from firms.access import FirmRequest, firm_page
from firms.comptexpert.pages import CAUSES
from firms.comptexpert.refusals import Cause
from firms.comptexpert.session import kept_refusals
from firms.home import FIGURES, FIRST_STEPS
from firms.selectors import open_memberships


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """One firm: go in. Several, or one that cannot be entered: say which."""
    memberships = list(open_memberships(cast("User", request.user)))
    if len(memberships) == 1 and not kept_refusals(request.session):
        return redirect("clients:list", memberships[0].firm.siret)
    return switch(request)


@require_safe
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """The firms of this person, last used first: a page, or the menu of the top bar, which says where it opens."""
    refusals = [{"name": name, "sentence": CAUSES[Cause(cause)]} for name, cause in kept_refusals(request.session)]
    memberships = open_memberships(cast("User", request.user))
    context = {"memberships": memberships, "refusals": refusals, "here": request.GET.get("ici", "")}
    template = "firms/switch_menu.html" if getattr(request, "htmx", False) else "firms/choose.html"
    return render(request, template, context)


@require_safe
@firm_page()
def home(request: FirmRequest) -> HttpResponse:
    """Nothing but fragments of the rooms above, each by its URL name."""
    return render(request, "firms/home.html", {"fragments": (FIRST_STEPS, *FIGURES)})
