"""The list of client files, its workbook and its figures."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from clients.enums import ClientStatus
from clients.filters import ClientFilter
from clients.models import Portfolio
from clients.permissions import (
    can_archive_client,
    can_assign,
    can_complete_clients,
    can_manage_portfolios,
    can_see_every_client,
)
from clients.selectors import assignable_to, clients_visible_to, counts_by_status, latest_running_imports, who_assigns
from clients.services import export_clients
from clients.tables import ClientTable
from common.filtering import chips_of, without_filters
from common.navigation import url_or_none
from common.xlsx import CONTENT_TYPE
from firms.access import FirmRequest, firm_page

_FIGURES: tuple[tuple[str, str, str, tuple[ClientStatus, ...]], ...] = (
    ("Actif", "", "déposent leurs factures", (ClientStatus.ACTIVE,)),
    ("Invité", "", "n'ont pas encore ouvert leur espace", (ClientStatus.INVITED, ClientStatus.PENDING)),
    ("À relancer", "wait", "invitation expirée ou e-mail rejeté", (ClientStatus.EXPIRED, ClientStatus.BOUNCED)),
    ("Créé", "", "pas encore invités", (ClientStatus.CREATED,)),
)


@require_safe
@firm_page()
def client_list(request: FirmRequest) -> HttpResponse:
    membership = request.membership
    filters, table = _filters_and_table(request)
    RequestConfig(request).configure(table)
    context = {
        "table": table,
        "filters": filters,
        "statuses": request.GET.getlist("statut"),
        "filter_chips": chips_of(filters, request.GET),
        "without_filters": without_filters(filters, request.GET),
        "rail": "clients",
        "imports": latest_running_imports(membership),
        "bulk_actions": _bulk_actions(request, portfolios=bool(_portfolios(filters))),
        "assignable": assignable_to(membership) if can_assign(membership) else [],
        "portfolios": _portfolios(filters),
        "may_group": can_manage_portfolios(membership),
        "who_assigns": who_assigns(membership),
        "may_complete": can_complete_clients(membership),
        "sees_every_client": can_see_every_client(membership),
        "nobody_yet": not table.filtered and 0 < table.count == _own_files(table),
    }
    return render(request, "clients/list.html", context)


@require_safe
@firm_page()
def export(request: FirmRequest) -> StreamingHttpResponse:
    """« Exporter »: all that the filter finds, in the order of the list."""
    _filters, table = _filters_and_table(request)
    RequestConfig(request, paginate=False).configure(table)
    keys = list(table.query.values_list("pk", flat=True))
    response = StreamingHttpResponse(export_clients(request.membership, keys=keys), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="clients-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return response


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


def _filters_and_table(request: FirmRequest) -> tuple[ClientFilter, ClientTable]:
    membership = request.membership
    filters = ClientFilter(request.GET, queryset=clients_visible_to(membership), membership=membership)
    return filters, ClientTable(filters.qs, member=membership, filtered=filters.is_used)


def _own_files(table: ClientTable) -> int:
    """How many rows of this page are the firm's own file: a list that holds nothing else says what to do next."""
    return sum(row.record.is_firm_file for row in table.paginated_rows)


def _portfolios(filters: ClientFilter) -> QuerySet[Portfolio]:
    """Those to choose from, read once for the filter and for « Ajouter à un portefeuille »."""
    choices: QuerySet[Portfolio] = filters.form.fields["portefeuille"].queryset
    return choices


def _bulk_actions(request: FirmRequest, *, portfolios: bool) -> list[dict[str, str]]:
    """What this member can do with the ticked files, or with all that the filter finds."""
    membership = request.membership
    actions = []
    if address := url_or_none("invitations:choose", siret=membership.firm.siret):
        actions.append({"label": "Activer", "icon": "paper-airplane", "url": f"{address}?{request.GET.urlencode()}"})
    if can_assign(membership):
        actions.append({"label": "Affecter", "icon": "user-plus", "dialog": "affecter"})
    if portfolios and can_manage_portfolios(membership):
        actions.append({"label": "Ajouter à un portefeuille", "icon": "folder-plus", "dialog": "grouper"})
    if can_archive_client(membership):
        question = (
            "Aucune nouvelle facture n'arrivera par ces dossiers. Ce qui a été reçu reste lisible, "
            "et chaque dossier peut être restauré."
        )
        restore = reverse("clients:restore_many", args=[membership.firm.siret])
        actions.append(
            {"label": "Archiver", "icon": "archive-box", "confirm": question, "title": "Archiver ces dossiers ?"}
        )
        actions.append(
            {"label": "Restaurer", "icon": "arrow-uturn-left", "url": f"{restore}?{request.GET.urlencode()}"}
        )
    return actions
