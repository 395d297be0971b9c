"""One client file: opened by hand, shown, changed, archived, assigned."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.forms import ClientForm, EditClientForm
from clients.permissions import can_archive_client, can_assign, can_edit_client
from clients.selectors import assignable_members, get_client_or_404, history_of
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
from firms.access import FirmRequest, firm_page
from firms.journal_words import describe
from firms.selectors import get_member_or_404


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
    client = get_client_or_404(request.membership, pk=pk)
    return render(
        request,
        "clients/detail.html",
        {
            "client": client,
            "rail": "clients",
            "assignments": client.assignments.select_related("membership__user"),
            "assignable": assignable_members(request.membership, client) if can_assign(request.membership) else [],
            "history": [{"entry": entry, **describe(entry)} for entry in history_of(client)],
            "may_edit": can_edit_client(request.membership, client),
            "may_archive": can_archive_client(request.membership) and not client.is_firm_file,
            "may_assign": can_assign(request.membership),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def edit(request: FirmRequest, pk: UUID) -> HttpResponse:
    client = get_client_or_404(request.membership, pk=pk)
    form = EditClientForm(request.POST or None, instance=client, initial={"version": client.version})
    if request.method == "POST" and form.is_valid():
        try:
            update_client(request.membership, client=client, values=form.values(), version=form.cleaned_data["version"])
        except StaleClientError as error:
            form.add_error(None, f"{error} Rechargez la page pour voir ses changements ; les vôtres sont encore ici.")
        else:
            messages.success(request, "Le dossier est enregistré.")
            return redirect("clients:detail", request.membership.firm.siret, client.pk)
    context = {"form": form, "client": client, "rail": "clients"}
    return render(request, "clients/form.html", context, status=422 if form.errors else 200)


@require_POST
@firm_page()
def archive(request: FirmRequest, pk: UUID) -> HttpResponse:
    client = get_client_or_404(request.membership, pk=pk)
    archive_client(request.membership, client=client)
    messages.success(request, f"Le dossier de {client.name} est archivé. Ce qui a été reçu reste lisible.")
    return redirect("clients:detail", request.membership.firm.siret, pk)


@require_POST
@firm_page()
def restore(request: FirmRequest, pk: UUID) -> HttpResponse:
    client = get_client_or_404(request.membership, pk=pk)
    restore_client(request.membership, client=client)
    messages.success(request, f"Le dossier de {client.name} est restauré.")
    return redirect("clients:detail", request.membership.firm.siret, pk)


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
