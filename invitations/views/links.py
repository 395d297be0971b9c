"""The page behind an invitation's link, one per case. Opening it consumes nothing; only its form does."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Audience, Kind
from accounts.models import User
from accounts.services import current_terms
from accounts.sessions import sign_in
from clients.selectors import company_membership
from common.clientip import client_ip
from invitations.errors import ClosedSpaceError, InvitationError
from invitations.forms import AcceptForm, JoinForm
from invitations.limits import refuse_beyond
from invitations.models import Invitation
from invitations.services import Acceptance, Consent, accept_as, accept_as_new, mark_opened, open_invitation
from invitations.services import renew_expired as renew_expired_invitation
from invitations.standing import ACCEPTING, Standing, standing_of
from invitations.tokens import digest

_STATUS = {
    Standing.OTHER_PERSON: 403,
    Standing.FIRM_PERSON: 403,
    Standing.EXPIRED: 410,
    Standing.REVOKED: 410,
    Standing.USED: 410,
    Standing.CLOSED: 410,
}
_REFUSED = 409

LinkView = Callable[[HttpRequest, str], HttpResponse]


def secret(view: LinkView) -> LinkView:
    """
    The address is a secret: no cache keeps the page, and no other site is told where its reader came from.

    « same-origin » and not « no-referrer »: with the latter, browsers send « Origin: null » with our own form.
    """

    @wraps(view)
    def door(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return door


@require_http_methods(["GET", "HEAD", "POST"])
@secret
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    invitation = open_invitation(token)
    if invitation is None:
        refuse_beyond("20/m", request, group="invitation-unknown")
        return render(request, "invitations/unknown.html", status=404)
    if request.method == "POST" and "deconnexion" in request.POST:
        logout(request)
        return redirect("invitations:open", token)
    standing = standing_of(invitation, request.user)
    if standing not in ACCEPTING:
        return _page(request, token, invitation, standing)
    form = _form(request, invitation, standing)
    if request.method == "POST":
        return _accept(request, token, invitation, standing, form)
    if request.method == "GET":
        mark_opened(invitation)
    return _page(request, token, invitation, standing, form=form)


@require_POST
@secret
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """« Recevoir un nouveau lien »: the same answer whatever the link was."""
    refuse_beyond("20/h", request, group="invitation-renew")
    refuse_beyond("3/h", request, group="invitation-renew-one", caller=digest(token))
    renew_expired_invitation(token)
    return render(request, "invitations/renewed.html")


def _form(request: HttpRequest, invitation: Invitation, standing: Standing) -> JoinForm:
    data = request.POST if request.method == "POST" else None
    terms, client = current_terms(Audience.COMPANY), invitation.client
    if standing is not Standing.NEW_ACCOUNT:
        return JoinForm(data, terms=terms, company_name=client.name)
    person = User(
        kind=Kind.COMPANY,
        email=invitation.email,
        first_name=client.contact_first_name,
        last_name=client.contact_last_name,
    )
    return AcceptForm(data, terms=terms, company_name=client.name, person=person)


def _accept(
    request: HttpRequest, token: str, invitation: Invitation, standing: Standing, form: JoinForm
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, token, invitation, standing, form=form, status=422)
    consent = Consent(terms=form.shown, ip=client_ip(request), user_agent=request.headers.get("User-Agent", ""))
    try:
        acceptance = _act(request, token, form, consent)
    except ClosedSpaceError:
        return _page(request, token, invitation, Standing.CLOSED)
    except InvitationError:  # somebody was quicker: show what the link has become
        changed = open_invitation(token)
        if changed is None:
            return render(request, "invitations/unknown.html", status=404)
        return _page(request, token, changed, standing_of(changed, request.user), status=_REFUSED)
    space = reverse("invoices:company_list", args=[acceptance.siren])
    to = reverse("invitations:open", args=[token]) if acceptance.pending else space
    return redirect(to) if acceptance.user == request.user else sign_in(request, acceptance.user, to=to)


def _act(request: HttpRequest, token: str, form: JoinForm, consent: Consent) -> Acceptance:
    if isinstance(request.user, User):
        return accept_as(request.user, token, consent=consent)
    return accept_as_new(token, password=form.cleaned_data["password"], consent=consent)


def _page(
    request: HttpRequest,
    token: str,
    invitation: Invitation,
    standing: Standing,
    *,
    form: JoinForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "client": invitation.client,
        "firm": invitation.firm,
        "firm_name": invitation.firm.sender,
        "token": token,
        "form": form,
        "own": request.user.is_authenticated and invitation.accepted_by_id == request.user.pk,
        "inside": isinstance(request.user, User)
        and company_membership(request.user, siren=invitation.client.siren) is not None,
    }
    return render(request, f"invitations/{standing.value}.html", context, status=status or _STATUS.get(standing, 200))
