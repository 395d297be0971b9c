"""The list of client files and its bulk acts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from clients.filters import ClientFilter, page_size
from clients.permissions import can_archive_client
from clients.selectors import clients_visible_to, latest_running_imports
from clients.services import archive_client
from clients.tables import ClientTable
from firms.access import FirmRequest, firm_page


@require_safe
@firm_page()
def client_list(request: FirmRequest) -> HttpResponse:
    membership = request.membership
    filters = ClientFilter(request.GET, queryset=clients_visible_to(membership), membership=membership)
    filtered = any(request.GET.get(name) for name in filters.filters)
    table = ClientTable(filters.qs, firm=membership.firm, filtered=filtered)
    RequestConfig(request, paginate={"per_page": page_size(request.GET.get("par"))}).configure(table)
    return render(
        request,
        "clients/list.html",
        {"table": table, "filters": filters, "rail": "clients", "imports": latest_running_imports(membership)},
    )


@require_POST
@firm_page(may=can_archive_client, sentence="Seul un administrateur archive des dossiers clients.")
def archive(request: FirmRequest) -> HttpResponse:
    """Archive the ticked files, or all that match the list's filter; each one is checked again here."""
    membership = request.membership
    clients = clients_visible_to(membership)
    if request.POST.get("all"):
        clients = ClientFilter(request.GET, queryset=clients, membership=membership).qs
    else:
        clients = clients.filter(pk__in=_uuids(request.POST.getlist("ids")))
    done = 0
    for client in clients.filter(is_firm_file=False):
        archive_client(membership, client=client)
        done += 1
    messages.success(request, f"Dossiers archivés : {done}.")
    return redirect("clients:list", membership.firm.siret)


def _uuids(values: list[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
