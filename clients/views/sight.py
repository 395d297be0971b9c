"""« Pourquoi X voit ce dossier », or why not."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.access import opened_client
from clients.sight import explain
from common.ids import uuid_in
from firms.access import FirmRequest, firm_page
from firms.selectors import get_member_or_404, present_members_of


@require_safe
@firm_page()
def detail(request: FirmRequest, pk: UUID) -> HttpResponse:
    """Of the member that `personne` names, on one client file."""
    client = opened_client(request, pk=pk)
    chosen = uuid_in(request.GET.get("personne"))
    context = {
        "client": client,
        "people": present_members_of(request.membership),
        "sight": explain(get_member_or_404(request.membership, pk=chosen), client) if chosen else None,
        "rail": "clients",
    }
    return render(request, "clients/sight.html", context)
