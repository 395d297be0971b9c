from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from firms.access import FirmRequest, firm_page
from firms.enums import Role
from firms.permissions import can_manage_users
from firms.selectors import get_member_or_404, members_of
from firms.services import LastAdministratorError, change_role
from firms.tables import MemberTable

_PER_PAGE = 50


@require_safe
@firm_page()
def member_list(request: FirmRequest) -> HttpResponse:
    table = MemberTable(members_of(request.membership), may_manage=can_manage_users(request.membership))
    RequestConfig(request, paginate={"per_page": _PER_PAGE}).configure(table)
    context = {"table": table, "delegations_url": settings.COMPTEXPERT_DELEGATIONS_URL, "rail": "users"}
    return render(request, "firms/users.html", context)


@require_POST
@firm_page(may=can_manage_users, sentence="Seul un administrateur change les rôles.")
def set_role(request: FirmRequest, pk: UUID) -> HttpResponse:
    member = get_member_or_404(request.membership, pk=pk)
    if request.POST.get("role") not in Role.values:
        return HttpResponseBadRequest("Rôle inconnu.")
    try:
        change_role(request.membership, member=member, role=Role(request.POST["role"]))
    except LastAdministratorError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{member.user} est maintenant {member.get_role_display()}.")
    return redirect("firms:users", request.membership.firm.siret)
