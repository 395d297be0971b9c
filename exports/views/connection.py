"""« Connexion à l'outil de production »: a part of the client file's page, loaded by itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clients.access import opened_client
from clients.models import Client
from exports.forms import ConnectionForm
from exports.models import ClientExport
from exports.permissions import can_configure_exports, can_connect_client
from exports.selectors.pages import configurations_of, connection_of
from exports.services.configurations import connect_client
from firms.access import FirmRequest, firm_page


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def client_connection(request: FirmRequest, pk: UUID) -> HttpResponse:
    client = opened_client(request, pk=pk)
    form = _form(request, connection_of(client), request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _part(request, client, form=form)
    connect_client(request.membership, client=client, **form.values())
    if request.headers.get("HX-Request"):
        return _part(request, client, form=_form(request, connection_of(client)), saved=True)
    messages.success(request, "La connexion à l'outil de production est enregistrée.")
    return redirect("clients:detail", request.membership.firm.siret, client.pk)


def _form(request: FirmRequest, connection: ClientExport | None, data: Any = None) -> ConnectionForm:
    kept = connection.configuration_id if connection else None
    configurations = configurations_of(request.membership, or_pk=kept)
    return ConnectionForm(data, configurations=configurations, connection=connection)


def _part(request: FirmRequest, client: Client, *, form: ConnectionForm, saved: bool = False) -> HttpResponse:
    context = {
        "client": client,
        "form": form,
        "saved": saved,
        "may_connect": can_connect_client(request.membership, client),
        "may_configure": can_configure_exports(request.membership),
    }
    return render(request, "exports/client_connection.html", context)
