"""The three calls of comapi."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from structlog.contextvars import bound_contextvars, get_contextvars

from clients.models import Client
from exports.api.comapi.auth import Caller
from exports.api.comapi.download import head_response, pdf_response
from exports.api.comapi.endpoint import endpoint
from exports.api.comapi.listing import json_list
from exports.api.errors import not_found
from exports.selectors.pull import outgoing_file, pullable_client, pullable_clients, served_part
from exports.services.partners import mark_transferred
from invoices.enums import Direction, FirmState
from invoices.models import FirmInvoice

_STATES = {"transfer": FirmState.TO_TRANSFER, "archived": FirmState.TRANSFERRED}
_SEGMENTS = {FirmState.TO_TRANSFER: "Transfer", FirmState.TRANSFERRED: "Archived"}


@endpoint
def enterprise(_request: HttpRequest, caller: Caller) -> HttpResponseBase:
    found = pullable_clients(caller.firm_id).order_by("name", "id").values("name", "siren")
    return JsonResponse(list(found), safe=False, json_dumps_params={"ensure_ascii": False})


@endpoint
def invoices(request: HttpRequest, caller: Caller, *, siren: str, direction: str, state: str) -> HttpResponseBase:
    client, way, wanted = _client(caller, siren), _direction(direction), _state(state)
    if request.method == "HEAD":
        return HttpResponse(content_type="application/json")
    body = json_list(client, direction=way, state=wanted, download_folder=_folder(request, client, way, wanted))
    return StreamingHttpResponse(body, content_type="application/json")


@endpoint
def download(
    request: HttpRequest, caller: Caller, *, siren: str, direction: str, state: str, name: str
) -> HttpResponseBase:
    client, way = _client(caller, siren), _direction(direction)
    _state(state)  # either segment, before and after the move
    part = served_part(client, direction=way, name=name)
    file = outgoing_file(part) if part else None
    if part is None or file is None:
        raise not_found("Ce fichier n'existe pas.")
    if request.method == "HEAD":
        return head_response(file, name=part.file_name)
    return pdf_response(
        file,
        name=part.file_name,
        range_header=request.headers.get("Range"),
        on_taken=partial(_taken, caller, part, get_contextvars()),
    )


def _taken(caller: Caller, part: FirmInvoice, log_context: dict[str, Any]) -> None:
    # The request is over when its body ends: the journal still wants its reference and its caller's address.
    with bound_contextvars(**log_context):
        mark_transferred(caller.key, software=caller.software, part=part)


def _folder(request: HttpRequest, client: Client, direction: Direction, state: FirmState) -> str:
    """The absolute address of this list's downloads, up to the file's name."""
    place = {"siren": client.siren, "direction": direction.value, "state": _SEGMENTS[state], "name": "-"}
    return request.build_absolute_uri(reverse("exports:comapi_download", kwargs=place)).removesuffix("-")


def _client(caller: Caller, siren: str) -> Client:
    client = pullable_client(caller.firm_id, siren=siren) if siren.isascii() and siren.isdigit() else None
    if client is None:
        raise not_found("Aucun dossier actif ne porte ce SIREN.")
    return client


def _direction(segment: str) -> Direction:
    try:
        return Direction(segment.upper())
    except ValueError:
        raise not_found("Le type est AP ou AR.") from None


def _state(segment: str) -> FirmState:
    try:
        return _STATES[segment.lower()]
    except KeyError:
        raise not_found("L'état est Transfer ou Archived.") from None
