from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from common.filtering import chips_of, without_filters
from common.navigation import url_or_none
from firms.access import FirmRequest, firm_page
from firms.comptexpert.flows import safe_next
from firms.enums import Role
from firms.filters import MemberFilter
from firms.permissions import can_manage_users
from firms.selectors import acting_administrators, get_member_or_404, members_of
from firms.services import LastAdministratorError, change_role
from firms.tables import MemberTable


@require_safe
@firm_page()
def member_list(request: FirmRequest) -> HttpResponse:
    membership = request.membership
    filters = MemberFilter(request.GET, queryset=members_of(membership))
    table = MemberTable(filters.qs, member=membership, filtered=filters.is_used)
    RequestConfig(request).configure(table)
    context = {
        "table": table,
        "filters": filters,
        "filter_chips": chips_of(filters, request.GET),
        "without_filters": without_filters(filters, request.GET),
        "nobody_administers": not acting_administrators(membership.firm_id).exists(),
        "delegations_url": settings.COMPTEXPERT_DELEGATIONS_URL,
        "rights_url": url_or_none("rights", siret=membership.firm.siret),
        "may_manage": can_manage_users(membership),
        "rail": "users",
    }
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
    back = safe_next(request, request.POST.get("next"))
    return redirect(back or resolve_url("firms:users", request.membership.firm.siret))
