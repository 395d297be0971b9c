"""« Partenaires »: what to copy into each production software, and whether it has called."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from exports.selectors.pages import partners_of, waiting_for_pull
from firms.access import FirmRequest, firm_page
from firms.permissions import can_manage_api_keys


@require_safe
@firm_page()
def partners(request: FirmRequest) -> HttpResponse:
    context = {
        "partners": partners_of(request.membership),
        "waiting": waiting_for_pull(request.membership),
        "base_address": request.build_absolute_uri("/comapi"),
        "may_see_key": can_manage_api_keys(request.membership),
        "rail": "partners",
    }
    return render(request, "exports/partners.html", context)
