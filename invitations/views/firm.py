"""The firm's side: one client invited at a time, and what its file shows of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.proof import proof_response
from clients.access import opened_client
from clients.models import Client
from clients.selectors import get_client_or_404
from firms.access import FirmRequest, firm_page
from invitations import services
from invitations.errors import InvitationError
from invitations.limits import refuse_beyond
from invitations.selectors import (
    acceptance_behind,
    get_invitation_or_404,
    invitations_visible_to,
)


@require_POST
@firm_page()
def invite(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Envoyez un e-mail d'invitation », for one client file."""
    client = get_client_or_404(request.membership, pk=pk)
    return _send(request, client, otherwise=reverse("clients:list", args=[request.membership.firm.siret]))


@require_POST
@firm_page()
def resend(request: FirmRequest, pk: UUID) -> HttpResponse:
    invitation = get_invitation_or_404(request.membership, pk=pk)
    return _send(request, invitation.client, otherwise=_list_of(request))


@require_POST
@firm_page()
def revoke(request: FirmRequest, pk: UUID) -> HttpResponse:
    invitation = get_invitation_or_404(request.membership, pk=pk)
    services.revoke(request.membership, invitation=invitation)
    messages.success(request, f"Invitation de {invitation.email} révoquée\u00a0: son lien ne mène plus nulle part.")
    return redirect(_back(request, _list_of(request)))


@require_safe
@firm_page()
def of_client(request: FirmRequest, pk: UUID) -> HttpResponse:
    """A part of the client file's page: the invitations sent so far."""
    client = opened_client(request, pk=pk)
    invitations = invitations_visible_to(request.membership).filter(client=client)[:5]
    return render(request, "invitations/of_client.html", {"invitations": invitations, "client": client})


@require_safe
@firm_page()
def terms_proof(request: FirmRequest, pk: UUID) -> HttpResponse:
    """That the client accepted the CGU, by this invitation."""
    invitation = get_invitation_or_404(request.membership, pk=pk)
    acceptance = acceptance_behind(invitation)
    if acceptance is None:
        raise Http404("Acceptation inconnue.")
    return proof_response(acceptance, party=invitation.client.name, siren=invitation.client.siren)


def _send(request: FirmRequest, client: Client, *, otherwise: str) -> HttpResponse:
    refuse_beyond("60/m", request, group="invitation-send", caller=str(request.membership.pk))
    try:
        invitation = services.invite(request.membership, client=client)
    except InvitationError as error:
        messages.error(request, f"{client.name}\u00a0: {error}")
    else:
        messages.success(request, f"Invitation envoyée à {invitation.email} pour {client.name}.")
    return redirect(_back(request, otherwise))


def _back(request: FirmRequest, otherwise: str) -> str:
    """The page of ours that the press came from."""
    came_from = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return came_from if came_from and here else otherwise


def _list_of(request: FirmRequest) -> str:
    return reverse("invitations:list", args=[request.membership.firm.siret])
