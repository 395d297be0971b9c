"""« Mes invitations »: the list, and many of them sent again by one act."""

from uuid import uuid4

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_tables2 import RequestConfig

from common.folding import fold
from common.ids import uuid_in, uuids_in
from firms.access import FirmRequest, firm_page
from invitations.enums import InvitationState
from invitations.errors import NothingToSendError
from invitations.forms import WordsForm
from invitations.models import Invitation
from invitations.selectors import counts_by_state, invitations_visible_to, renewal_of, settings_of
from invitations.services import start_resending
from invitations.tables import InvitationTable


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def invitation_list(request: FirmRequest) -> HttpResponse:
    """« Mes invitations »; posted, the dialog « Renvoyer des invitations » says what would be sent."""
    if request.method != "POST":
        return render(request, "invitations/list.html", _list(request))
    chosen = _chosen(request)
    dialog = {
        "renewal": renewal_of(chosen),
        "ids": request.POST.getlist("ids"),
        "everything": request.POST.get("all", ""),
        "new_batch": uuid4(),  # pressed twice, the dialog's button starts one
        "form": WordsForm(initial={"words": settings_of(request.membership.firm_id).words}),
        "sample": chosen.values_list("client", flat=True).first(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "invitations/again_dialog.html", dialog)
    return render(request, "invitations/list.html", {**_list(request), **dialog})


@require_POST
@firm_page()
def send_again(request: FirmRequest) -> HttpResponse:
    form, siret = WordsForm(request.POST), request.membership.firm.siret
    if not form.is_valid():
        messages.error(request, form.trouble)
        return redirect("invitations:list", siret)
    try:
        batch = start_resending(
            request.membership,
            invitations=_chosen(request),
            pk=uuid_in(request.POST.get("batch")) or uuid4(),
            words=form.cleaned_data["words"],
        )
    except NothingToSendError as error:
        messages.error(request, str(error))
        return redirect("invitations:list", siret)
    return redirect("invitations:batch", siret, batch.pk)


def _list(request: FirmRequest) -> dict[str, object]:
    state, words = _filter(request)
    table = InvitationTable(_narrowed(request), filtered=bool(state or words))
    RequestConfig(request).configure(table)
    address = f"{request.path}?{request.GET.urlencode()}"
    action = {"label": "Renvoyer", "icon": "paper-airplane", "url": address, "into": "#renvoyer-place"}
    return {
        "table": table,
        "chips": _chips(request, state),
        "words": words,
        "bulk_actions": [action],
        "rail": "invitations",
    }


def _chosen(request: FirmRequest) -> QuerySet[Invitation]:
    """The ticked invitations, or all that the list's filter finds."""
    if request.POST.get("all"):
        return _narrowed(request)
    return invitations_visible_to(request.membership).filter(pk__in=uuids_in(request.POST.getlist("ids")))


def _filter(request: FirmRequest) -> tuple[str, str]:
    return request.GET.get("statut", ""), request.GET.get("q", "").strip()


def _narrowed(request: FirmRequest) -> QuerySet[Invitation]:
    state, words = _filter(request)
    invitations = invitations_visible_to(request.membership)
    if state in InvitationState.values:
        invitations = invitations.filter(state=state)
    for word in fold(words).split():
        invitations = invitations.filter(Q(client__search__contains=word) | Q(email__icontains=word))
    return invitations


def _chips(request: FirmRequest, current: str) -> list[dict[str, object]]:
    counts = counts_by_state(request.membership)
    return [
        {
            "label": f"{state.label} ({counts[state.value]})",
            "url": request.path if state == current else f"{request.path}?statut={state.value}",
            "on": state == current,
        }
        for state in InvitationState
        if state.value in counts
    ]
