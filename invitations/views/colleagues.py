"""« Utilisateurs » of a company space: its own people, and the colleagues they invite."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clients import services as clients_services
from clients.access import CompanyRequest, company_page, own_member
from clients.enums import CompanyRole
from clients.models import CompanyMembership
from clients.permissions import can_manage_company
from clients.selectors import get_company_member_or_404, members_of
from clients.services import LastOwnerError
from common.permissions import require
from common.typography import french
from invitations import services
from invitations.errors import InvitationError
from invitations.forms import ColleagueForm
from invitations.limits import refuse_beyond
from invitations.models import CompanyInvitation
from invitations.spaces import colleagues_invited, get_colleague_invitation_or_404

_REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(firms_too=False)
def people(request: CompanyRequest) -> HttpResponse:
    """The list, with the form that invites one more."""
    may_manage = can_manage_company(request.actor)
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(may_manage, "Seul un propriétaire de l'espace invite des collègues.")
        refuse_beyond("60/h", request, group="colleague-invited", caller=str(request.company.pk))
        if form.is_valid() and _invite(request, form):
            return redirect("invitations:company_users", request.company.siren)
    context = {
        "form": form,
        "members": members_of(request.company),
        "invited": colleagues_invited(request.company),
        "may_manage": may_manage,
        "own": request.actor,
    }
    return render(request, "invitations/company_users.html", context, status=_REFUSED if form.errors else 200)


@require_POST
@company_page(firms_too=False)
def resend(request: CompanyRequest, pk: UUID) -> HttpResponse:
    invitation = get_colleague_invitation_or_404(request.company, pk=pk)
    refuse_beyond("60/h", request, group="colleague-invited", caller=str(request.company.pk))
    return _done(
        request,
        lambda: services.resend_colleague(own_member(request), invitation=invitation),
        f"Un nouveau lien part à {invitation.email}. Le précédent ne mène plus nulle part.",
    )


@require_POST
@company_page(firms_too=False)
def revoke(request: CompanyRequest, pk: UUID) -> HttpResponse:
    invitation = get_colleague_invitation_or_404(request.company, pk=pk)
    return _done(
        request,
        lambda: services.revoke_colleague(own_member(request), invitation=invitation),
        f"L'invitation de {invitation.email} est révoquée.",
    )


@require_POST
@company_page(firms_too=False)
def set_role(request: CompanyRequest, pk: UUID) -> HttpResponse:
    member = _member(request, pk)
    role = CompanyRole.OWNER if request.POST.get("role") == CompanyRole.OWNER else CompanyRole.MEMBER
    return _done(
        request,
        lambda: clients_services.set_company_role(own_member(request), member=member, role=role),
        f"{member.person} est maintenant {role.label}.",
    )


@require_POST
@company_page(firms_too=False)
def hand_over(request: CompanyRequest, pk: UUID) -> HttpResponse:
    member = _member(request, pk)
    return _done(
        request,
        lambda: clients_services.hand_over(own_member(request), member=member),
        f"{member.person} est maintenant Propriétaire, et vous Membre.",
    )


@require_POST
@company_page(firms_too=False)
def remove(request: CompanyRequest, pk: UUID) -> HttpResponse:
    member = _member(request, pk)
    answer = _done(
        request,
        lambda: clients_services.end_company_membership(own_member(request), member=member),
        f"{member.person} n'a plus accès à cet espace.",
    )
    gone = member.pk == own_member(request).pk and not members_of(request.company).filter(pk=member.pk).exists()
    return redirect("clients:companies") if gone else answer


def _member(request: CompanyRequest, pk: UUID) -> CompanyMembership:
    return get_company_member_or_404(request.company, pk=pk)


def _invite(request: CompanyRequest, form: ColleagueForm) -> CompanyInvitation | None:
    try:
        invitation = services.invite_colleague(
            own_member(request), email=form.cleaned_data["email"], role=CompanyRole(form.cleaned_data["role"])
        )
    except InvitationError as error:
        form.add_error("email", french(str(error)))
        return None
    messages.success(request, french(f"Une invitation part à {invitation.email}. Elle est valable 14 jours."))
    return invitation


def _done(request: CompanyRequest, act: Callable[[], object], sentence: str) -> HttpResponse:
    try:
        act()
    except (InvitationError, LastOwnerError) as error:
        messages.warning(request, french(str(error)))
    else:
        messages.success(request, french(sentence))
    return redirect("invitations:company_users", request.company.siren)
