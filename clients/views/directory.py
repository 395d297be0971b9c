"""The list of client files and its bulk acts."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from clients.enums import ClientStatus
from clients.filters import ClientFilter
from clients.permissions import can_archive_client
from clients.selectors import clients_visible_to, counts_by_status, latest_running_imports
from clients.services import archive_clients
from clients.tables import ClientTable
from common.ids import uuids_in
from common.navigation import url_or_none
from common.templatetags.jf import plural
from firms.access import FirmRequest, firm_page


@require_safe
@firm_page()
def client_list(request: FirmRequest) -> HttpResponse:
    membership = request.membership
    filters = ClientFilter(request.GET, queryset=clients_visible_to(membership), membership=membership)
    filtered = any(request.GET.get(name) for name in filters.filters)
    table = ClientTable(filters.qs, member=membership, filtered=filtered)
    RequestConfig(request).configure(table)
    return render(
        request,
        "clients/list.html",
        {
            "table": table,
            "filters": filters,
            "rail": "clients",
            "imports": latest_running_imports(membership),
            "bulk_actions": _bulk_actions(request),
            "nobody_yet": not filtered and 0 < table.count == _own_files(table),
        },
    )


@require_safe
@firm_page()
def figures(request: FirmRequest) -> HttpResponse:
    """How many client files stand where, for « Accueil »; each figure opens its list."""
    counts = counts_by_status(request.membership)
    address = reverse("clients:list", args=[request.membership.firm.siret])
    shown = [
        {
            "word": word,
            "tone": tone,
            "note": note,
            "value": sum(counts.get(status, 0) for status in statuses),
            "url": f"{address}?{urlencode([('statut', status.value) for status in statuses])}",
        }
        for word, tone, note, statuses in _FIGURES
    ]
    return render(request, "components/figs.html", {"figs": shown, "label": "Clients"})


_FIGURES: tuple[tuple[str, str, str, tuple[ClientStatus, ...]], ...] = (
    ("Actif", "", "déposent leurs factures", (ClientStatus.ACTIVE,)),
    ("Invité", "", "n'ont pas encore ouvert leur espace", (ClientStatus.INVITED, ClientStatus.PENDING)),
    ("À relancer", "wait", "invitation expirée ou e-mail rejeté", (ClientStatus.EXPIRED, ClientStatus.BOUNCED)),
    ("Créé", "", "pas encore invités", (ClientStatus.CREATED,)),
)


def _own_files(table: ClientTable) -> int:
    """How many rows of this page are the firm's own file: a list that holds nothing else says what to do next."""
    return sum(row.record.is_firm_file for row in table.paginated_rows)


def _bulk_actions(request: FirmRequest) -> list[dict[str, str]]:
    """What this member can do with the ticked files, or with all that the filter finds."""
    membership = request.membership
    actions = []
    if address := url_or_none("invitations:choose", siret=membership.firm.siret):
        actions.append({"label": "Activer", "icon": "paper-airplane", "url": f"{address}?{request.GET.urlencode()}"})
    if can_archive_client(membership):
        question = (
            "Aucune nouvelle facture n'arrivera par ces dossiers. Ce qui a été reçu reste lisible, "
            "et chaque dossier peut être restauré."
        )
        actions.append({"label": "Archiver", "icon": "archive-box", "confirm": question, "act": "Archiver"})
    return actions


@require_POST
@firm_page(may=can_archive_client, sentence="Seul un administrateur archive des dossiers clients.")
def archive(request: FirmRequest) -> HttpResponse:
    """Archive the ticked files, or all that match the list's filter."""
    membership = request.membership
    clients = clients_visible_to(membership)
    if request.POST.get("all"):
        clients = ClientFilter(request.GET, queryset=clients, membership=membership).qs
    else:
        clients = clients.filter(pk__in=uuids_in(request.POST.getlist("ids")))
    done = archive_clients(membership, clients=clients)
    messages.success(request, f"{plural(done, 'dossier archivé,dossiers archivés')}.")
    return redirect("clients:list", membership.firm.siret)
