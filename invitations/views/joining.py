"""The page behind a colleague's link, one per case. Opening it consumes nothing; only its form does."""

from enum import StrEnum

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.enums import Audience, Kind
from accounts.models import User
from accounts.services import current_terms
from accounts.sessions import sign_in
from common.clientip import client_ip
from invitations.enums import ColleagueState
from invitations.errors import InvitationError
from invitations.forms import AcceptForm, JoinForm
from invitations.limits import refuse_beyond
from invitations.models import CompanyInvitation
from invitations.services import Consent, Entry, colleague_invitation, is_for, join_as, join_as_new
from invitations.views.links import secret

_CONFLICT = 409


class Case(StrEnum):
    NEW_ACCOUNT = "new_account"
    SIGN_IN = "sign_in"
    JOIN = "join"
    OTHER_PERSON = "other_person"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED = "used"


_STATUS = {Case.OTHER_PERSON: 403, Case.EXPIRED: 410, Case.REVOKED: 410, Case.USED: 410}


@require_http_methods(["GET", "HEAD", "POST"])
@secret
def join(request: HttpRequest, token: str) -> HttpResponse:
    invitation = colleague_invitation(token)
    if invitation is None:
        refuse_beyond("20/m", request, group="invitation-unknown")
        return render(request, "invitations/unknown.html", status=404)
    if request.method == "POST" and "deconnexion" in request.POST:
        logout(request)
        return redirect("invitations:join", token)
    case = _case(invitation, request.user)
    if case not in (Case.NEW_ACCOUNT, Case.JOIN):
        return _page(request, token, invitation, case)
    form = _form(request, invitation, case)
    if request.method == "POST":
        return _enter(request, token, invitation, form)
    return _page(request, token, invitation, case, form=form)


def _case(invitation: CompanyInvitation, user: User | AnonymousUser) -> Case:
    if invitation.state != ColleagueState.OPEN:
        return Case.USED if invitation.state == ColleagueState.ACCEPTED else Case.REVOKED
    if invitation.has_expired:
        return Case.EXPIRED
    if isinstance(user, User):
        return Case.JOIN if is_for(invitation, user) else Case.OTHER_PERSON
    known = User.objects.company_users().filter(email__iexact=invitation.email).exists()
    return Case.SIGN_IN if known else Case.NEW_ACCOUNT


def _form(request: HttpRequest, invitation: CompanyInvitation, case: Case) -> JoinForm:
    data = request.POST if request.method == "POST" else None
    terms, company_name = current_terms(Audience.COMPANY), invitation.company.name
    if case is Case.JOIN:
        return JoinForm(data, terms=terms, company_name=company_name)
    person = User(kind=Kind.COMPANY, email=invitation.email)
    return AcceptForm(data, terms=terms, company_name=company_name, person=person)


def _enter(request: HttpRequest, token: str, invitation: CompanyInvitation, form: JoinForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, token, invitation, _case(invitation, request.user), form=form, status=422)
    try:
        entry = _act(request, token, form)
    except InvitationError:  # somebody was quicker: show what the link has become
        changed = colleague_invitation(token)
        if changed is None:
            return render(request, "invitations/unknown.html", status=404)
        return _page(request, token, changed, _case(changed, request.user), form=form, status=_CONFLICT)
    space = reverse("invoices:company_list", args=[entry.siren])
    return redirect(space) if entry.user == request.user else sign_in(request, entry.user, to=space)


def _act(request: HttpRequest, token: str, form: JoinForm) -> Entry:
    consent = Consent(terms=form.shown, ip=client_ip(request), user_agent=request.headers.get("User-Agent", ""))
    if isinstance(request.user, User):
        return join_as(request.user, token, consent=consent)
    return join_as_new(token, password=form.cleaned_data["password"], consent=consent)


def _page(
    request: HttpRequest,
    token: str,
    invitation: CompanyInvitation,
    case: Case,
    *,
    form: JoinForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    context = {
        "case": case.value,
        "invitation": invitation,
        "company_name": invitation.company.name,
        "siren": invitation.company.siren,
        "inviter": invitation.created_by.person,
        "token": token,
        "form": form,
        "link": reverse("invitations:join", args=[token]),
    }
    accepting = case in (Case.NEW_ACCOUNT, Case.JOIN)
    template = "invitations/colleague_join.html" if accepting else "invitations/colleague_case.html"
    return render(request, template, context, status=status or _STATUS.get(case, 200))
