"""« Pourquoi X voit ce dossier », or why not."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.access import opened_client
from clients.sight import explain
from common.ids import uuid_in
from firms.access import FirmRequest, firm_page
from firms.selectors import present_members_of


@require_safe
@firm_page()
def detail(request: FirmRequest, pk: UUID) -> HttpResponse:
    """Of the member that `personne` names, on one client file. Whoever has left sees nothing."""
    client = opened_client(request, pk=pk)
    chosen = uuid_in(request.GET.get("personne"))
    people = list(present_members_of(request.membership))
    member = next((each for each in people if each.pk == chosen), None)
    context = {
        "client": client,
        "people": people,
        "sight": explain(member, client, to=request.membership) if member else None,
        "rail": "clients",
    }
    return render(request, "clients/sight.html", context)
