"""What is done to many client files at once: the ticked ones, or all that the list's filter finds."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from clients.filters import ClientFilter
from clients.models import Client
from clients.permissions import can_archive_client, can_assign, can_manage_portfolios
from clients.selectors import assignable_to, clients_visible_to, portfolios_seen_by
from clients.services import (
    NoAccessError,
    Outcome,
    archive_clients,
    assign_clients,
    group_clients,
    restore_clients,
    unassign_clients,
    ungroup_clients,
)
from clients.services.bulk import UNSEEN
from common.ids import uuid_in, uuids_in
from common.templatetags.jf import plural
from common.typography import french
from firms.access import FirmRequest, firm_page


@require_POST
@firm_page(may=can_archive_client, sentence="Seul un administrateur archive des dossiers clients.")
def archive(request: FirmRequest) -> HttpResponse:
    return _act(request, lambda clients: archive_clients(request.membership, clients=clients), "archivé")


@require_POST
@firm_page(may=can_archive_client, sentence="Seul un administrateur restaure des dossiers clients.")
def restore(request: FirmRequest) -> HttpResponse:
    return _act(request, lambda clients: restore_clients(request.membership, clients=clients), "restauré")


@require_POST
@firm_page(may=can_assign, sentence="Seul un administrateur affecte les dossiers.")
def assign(request: FirmRequest) -> HttpResponse:
    """To the members that were ticked, or from them when `retirer` is posted."""
    members = list(assignable_to(request.membership).filter(pk__in=uuids_in(request.POST.getlist("members"))))
    if not members:
        messages.error(request, "Cochez au moins un collaborateur.")
        return redirect(_list(request))
    act, word = (unassign_clients, "retiré") if request.POST.get("retirer") else (assign_clients, "affecté")
    try:
        return _act(request, lambda clients: act(request.membership, clients=clients, members=members), word)
    except NoAccessError as error:
        messages.error(request, str(error))
        return redirect(_list(request))


@require_POST
@firm_page(may=can_manage_portfolios, sentence="Seul un administrateur gère les portefeuilles.")
def group(request: FirmRequest) -> HttpResponse:
    """Into the portfolio that was chosen, or out of it when `retirer` is posted."""
    chosen = uuid_in(request.POST.get("portfolio"))
    portfolio = portfolios_seen_by(request.membership).filter(pk=chosen).first() if chosen else None
    if portfolio is None:
        messages.error(request, "Choisissez un portefeuille.")
        return redirect(_list(request))
    act, word = (ungroup_clients, "retiré") if request.POST.get("retirer") else (group_clients, "ajouté")
    return _act(request, lambda clients: act(request.membership, clients=clients, portfolio=portfolio), word)


def _act(request: FirmRequest, act: Callable[[QuerySet[Client]], Outcome], word: str) -> HttpResponse:
    clients, asked = _chosen(request)
    outcome = act(clients)
    refused = dict(outcome.refused)
    if unseen := asked - outcome.done - sum(refused.values()) if asked else 0:
        refused[UNSEEN] = unseen
    told = f"{plural(outcome.done, f'dossier {word},dossiers {word}s')}"
    left = ", ".join(plural(count, reason) for reason, count in sorted(refused.items()) if count)
    if left:
        told += french(f", {plural(sum(refused.values()), 'refusé,refusés')} : {left}")
    (messages.success if outcome.done else messages.warning)(request, f"{told}.")
    return redirect(_list(request))


def _chosen(request: FirmRequest) -> tuple[QuerySet[Client], int]:
    """The files, and how many were ticked; 0 where all that the filter finds was chosen."""
    visible = clients_visible_to(request.membership)
    if request.POST.get("all"):
        found: QuerySet[Client] = ClientFilter(request.GET, queryset=visible, membership=request.membership).qs
        return found, 0
    ticked = set(request.POST.getlist("ids"))
    return visible.filter(pk__in=uuids_in(ticked)), len(ticked)


def _list(request: FirmRequest) -> str:
    """The list as it was: its filters, sort and page are in the address of the act as well."""
    address = reverse("clients:list", args=[request.membership.firm.siret])
    return f"{address}?{request.GET.urlencode()}" if request.GET else address
