"""« Inviter sur jefacture.com »: choose clients, see what will be sent, « Activer », follow."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from clients.filters import ClientFilter
from clients.models import Client
from clients.selectors import clients_visible_to
from common.ids import uuid_in, uuids_in
from common.templatetags.jf import plural
from firms.access import FirmRequest, firm_page
from invitations.errors import NothingToSendError
from invitations.forms import WordsForm
from invitations.models import InvitationBatch
from invitations.selectors import (
    batch_results,
    clients_to_invite,
    get_batch_or_404,
    invitable,
    refusals_of,
    running_batches,
    selection_of,
    settings_of,
    skipped_rows,
)
from invitations.services import start_batch
from invitations.tables import InvitableTable

#: Clients named on a batch's page among those who were not written to.
_SHOWN = 100
#: What a batch has done, by whether it sent again.
_OUTCOME = {False: "invitation en route,invitations en route", True: "renvoyée,renvoyées"}


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def choose(request: FirmRequest) -> HttpResponse:
    """The clients to tick; posted, the dialog « Activer sur jefacture.com » says what would be sent."""
    if request.method == "POST":
        chosen = _chosen(request)
        dialog = {
            "selection": selection_of(chosen),
            "ids": request.POST.getlist("ids"),
            "everything": request.POST.get("all", ""),
            "new_batch": uuid4(),  # pressed twice, the dialog's button starts one
            "form": WordsForm(initial={"words": settings_of(request.membership.firm_id).words}),
            "sample": invitable(chosen).values_list("pk", flat=True).first(),
        }
        if request.headers.get("HX-Request"):
            return render(request, "invitations/dialog.html", dialog)
        return render(request, "invitations/choose.html", {**_list(request), **dialog})
    return render(request, "invitations/choose.html", _list(request))


@require_POST
@firm_page()
def start(request: FirmRequest) -> HttpResponse:
    """« Activer »: the e-mails go out by themselves."""
    form, siret = WordsForm(request.POST), request.membership.firm.siret
    if not form.is_valid():
        messages.error(request, form.trouble)
        return redirect("invitations:choose", siret)
    try:
        batch = start_batch(
            request.membership,
            clients=_chosen(request),
            pk=uuid_in(request.POST.get("batch")) or uuid4(),
            words=form.cleaned_data["words"],
            lately_too=bool(request.POST.get("lately")),
        )
    except NothingToSendError as error:
        messages.error(request, str(error))
        return redirect("invitations:choose", siret)
    return redirect("invitations:batch", siret, batch.pk)


@require_safe
@firm_page()
def batch(request: FirmRequest, pk: UUID) -> HttpResponse:
    found = get_batch_or_404(request.membership, pk=pk)
    return render(request, "invitations/batch.html", {**_progress(request, found), "rail": "invitations"})


@require_safe
@firm_page()
def batch_progress(request: FirmRequest, pk: UUID) -> HttpResponse:
    found = get_batch_or_404(request.membership, pk=pk)
    return render(request, "invitations/batch_progress.html", _progress(request, found))


@require_safe
@firm_page()
def running(request: FirmRequest) -> HttpResponse:
    """For the top bar of every page of the firm: what is being sent at this moment."""
    return render(request, "invitations/running.html", {"batches": running_batches(request.membership)})


def _progress(request: FirmRequest, found: InvitationBatch) -> dict[str, object]:
    if found.is_running:
        return {"batch": found}
    results = batch_results(found)
    outcome = plural(results["invited"], _OUTCOME[found.again])
    if results["skipped"]:
        outcome += f", {plural(results['skipped'], 'refusée,refusées')}"
    skipped = skipped_rows(request.membership, found)[:_SHOWN]
    return {"batch": found, "results": results, "outcome": outcome, "refusals": refusals_of(found), "skipped": skipped}


def _list(request: FirmRequest) -> dict[str, object]:
    filters = _filter(request, clients_to_invite(request.membership))
    table = InvitableTable(filters.qs, filtered=filters.is_used)
    RequestConfig(request).configure(table)
    action = {"label": "Activer", "icon": "paper-airplane"}
    return {"table": table, "filters": filters, "bulk_actions": [action], "rail": "invitations"}


def _chosen(request: FirmRequest) -> QuerySet[Client]:
    """The ticked client files, or all that the list's filter finds."""
    if request.POST.get("all"):
        found: QuerySet[Client] = _filter(request, clients_to_invite(request.membership)).qs
        return found
    return clients_visible_to(request.membership).filter(pk__in=uuids_in(request.POST.getlist("ids")))


def _filter(request: FirmRequest, clients: QuerySet[Client]) -> ClientFilter:
    return ClientFilter(request.GET, queryset=clients, membership=request.membership)
