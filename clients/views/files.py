"""One client file: opened by hand, shown, changed, archived, assigned."""

from copy import copy
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.access import opened_client
from clients.conflicts import differences, rebased, settled
from clients.forms import ClientForm, EditClientForm
from clients.models import Client
from clients.permissions import (
    can_archive_client,
    can_assign,
    can_edit_client,
    can_manage_portfolios,
    can_set_confidential,
)
from clients.selectors import assignable_members, get_client_or_404, journal_of, portfolios_around
from clients.services import (
    ClientExistsError,
    NoAccessError,
    StaleClientError,
    archive_client,
    assign,
    create_client,
    restore_client,
    unassign,
    update_client,
)
from clients.sight import who_sees
from clients.tabs import FILE, HISTORY, tabs_of
from common.ids import uuid_in
from common.permissions import require
from firms.access import FirmRequest, firm_page
from firms.journal_words import describe
from firms.models import Membership
from firms.selectors import get_member_or_404, page_before

#: Lines of the history among which the last word on a field is looked for.
LATEST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def create(request: FirmRequest) -> HttpResponse:
    lookup_url = reverse("clients:lookup", args=[request.membership.firm.siret])
    form = ClientForm(request.POST or None, lookup_url=lookup_url)
    if request.method == "POST" and form.is_valid():
        try:
            client = create_client(request.membership, values=form.values())
        except ClientExistsError as error:
            form.add_error("siren", str(error))
        else:
            messages.success(request, f"Le dossier de {client.name} est créé.")
            return redirect("clients:detail", request.membership.firm.siret, client.pk)
    return render(request, "clients/form.html", {"form": form, "rail": "clients"}, status=422 if form.errors else 200)


@require_safe
@firm_page()
def detail(request: FirmRequest, pk: UUID) -> HttpResponse:
    """One client file; `onglet` says which of its tabs."""
    membership = request.membership
    client = opened_client(request, pk=pk)
    tabs = tabs_of(client, siret=membership.firm.siret, wanted=request.GET.get("onglet", ""))
    tab = next(tab for tab in tabs if tab.current)
    context = {"client": client, "rail": "clients", "tabs": tabs, "tab": tab, **_rights(membership, client)}
    if tab.key == FILE:
        context["assignments"] = client.assignments.select_related("membership__user")
        context["assignable"] = assignable_members(membership, client) if can_assign(membership) else []
        context["portfolios"] = portfolios_around(membership, client)
        context["sights"] = who_sees(membership, client)
    elif tab.key == HISTORY:
        entries, older = page_before(journal_of(client), uid=uuid_in(request.GET.get("avant")))
        context |= {"history": [(entry, describe(entry)) for entry in entries], "older": older}
    return render(request, "clients/detail.html", context)


def _rights(membership: Membership, client: Client) -> dict[str, bool]:
    return {
        "may_edit": can_edit_client(membership, client),
        "may_hide": can_set_confidential(membership) and not client.is_firm_file,
        "may_archive": can_archive_client(membership) and not client.is_firm_file,
        "may_assign": can_assign(membership),
        "may_group": can_manage_portfolios(membership),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def edit(request: FirmRequest, pk: UUID) -> HttpResponse:
    client = opened_client(request, pk=pk)
    form = _edit_form(request, client, settled(request.POST, client))
    if request.method == "POST" and form.is_valid():
        try:
            update_client(request.membership, client=client, values=form.values(), version=form.cleaned_data["version"])
        except StaleClientError:
            return _conflict(request, get_client_or_404(request.membership, pk=pk), form)
        messages.success(request, "Le dossier est enregistré.")
        return redirect("clients:detail", request.membership.firm.siret, client.pk)
    context = {"form": form, "client": client, "rail": "clients"}
    return render(request, "clients/form.html", context, status=422 if form.errors else 200)


def _edit_form(request: FirmRequest, client: Client, data: QueryDict) -> EditClientForm:
    return EditClientForm(
        data or None,
        instance=copy(client),  # checking a form writes on its instance
        initial={"version": client.version},
        may_hide=_rights(request.membership, client)["may_hide"],
    )


def _conflict(request: FirmRequest, client: Client, form: EditClientForm) -> HttpResponse:
    """Somebody else saved meanwhile: both sides, field by field, in a form that can be saved."""
    history = list(journal_of(client)[:LATEST])
    found = differences(form, client, history)
    context = {
        "form": _edit_form(request, client, rebased(request.POST, client, found)),
        "client": client,
        "rail": "clients",
        "differences": found,
        "choices": any(difference.chosen for difference in found),
        "latest": history[0] if history else None,
    }
    return render(request, "clients/form.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def archive(request: FirmRequest, pk: UUID) -> HttpResponse:
    """What archiving means, then the act."""
    client = get_client_or_404(request.membership, pk=pk)
    if request.method != "POST":
        return _question(request, client, "clients/archive.html")
    archive_client(request.membership, client=client)
    messages.success(request, f"Le dossier de {client.name} est archivé. Ce qui a été reçu reste lisible.")
    return redirect("clients:detail", request.membership.firm.siret, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def restore(request: FirmRequest, pk: UUID) -> HttpResponse:
    """What restoring means, then the act."""
    client = get_client_or_404(request.membership, pk=pk)
    if request.method != "POST":
        return _question(request, client, "clients/restore.html")
    restore_client(request.membership, client=client)
    messages.success(request, f"Le dossier de {client.name} est restauré.")
    return redirect("clients:detail", request.membership.firm.siret, pk)


def _question(request: FirmRequest, client: Client, page: str) -> HttpResponse:
    may = _rights(request.membership, client)["may_archive"]
    require(may, "Seul un administrateur archive ou restaure un dossier client.")
    return render(request, page, {"client": client, "rail": "clients"})


@require_POST
@firm_page(may=can_assign, sentence="Seul un administrateur affecte les dossiers.")
def set_assignment(request: FirmRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Assign the file to a member, or take it back when `retirer` is posted."""
    client = get_client_or_404(request.membership, pk=pk)
    person = get_member_or_404(request.membership, pk=member)
    act = unassign if request.POST.get("retirer") else assign
    try:
        act(request.membership, client=client, member=person)
    except NoAccessError as error:
        messages.error(request, str(error))
    return redirect("clients:detail", request.membership.firm.siret, pk)
