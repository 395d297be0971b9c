"""« Profil du cabinet »: identity as ComptExpert gives it, and the API keys."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.proof import proof_response
from common import typography
from firms.access import FirmRequest, firm_page
from firms.comptexpert import pages
from firms.comptexpert.errors import ComptExpertError
from firms.comptexpert.flows import Flow, Purpose, begin
from firms.comptexpert.session import is_confirmed
from firms.forms import RegenerateForm
from firms.keys import KeyReplacedError, regenerate_key, reveal_key
from firms.models import ApiKey
from firms.permissions import can_manage_api_keys, can_see_terms_proof
from firms.selectors import get_key_or_404, keys_in_force, last_terms_acceptance

_TO_SHOW = "api_key_to_show"
_ONLY_ADMINISTRATORS = "Seul un administrateur du cabinet voit et gère la clé API."


@require_safe
@firm_page()
def profile(request: FirmRequest) -> HttpResponse:
    membership = request.membership
    may_see_keys = can_manage_api_keys(membership)
    keys = list(keys_in_force(membership)) if may_see_keys else []
    shown = request.session.pop(_TO_SHOW, None) if request.method == "GET" and is_confirmed(request.session) else None
    context = {
        "keys": keys,
        "may_see_keys": may_see_keys,
        # The one value that was asked for and confirmed, this time only.
        "values": {key.pk: reveal_key(membership, key=key) for key in keys if str(key.pk) == shown},
        "form": RegenerateForm(),
        "acceptance": last_terms_acceptance(membership.firm),
        "may_see_proof": can_see_terms_proof(membership),
    }
    return render(request, "firms/profile.html", context)


@require_safe
@firm_page(may=can_see_terms_proof, sentence="Seul un administrateur du cabinet télécharge cette preuve.", waits=True)
def terms_proof(request: FirmRequest) -> HttpResponse:
    firm = request.membership.firm
    acceptance = last_terms_acceptance(firm)
    if acceptance is None:
        raise Http404("Acceptation inconnue.")
    return proof_response(acceptance, party=firm.name, siren=firm.siren)


@require_POST
@firm_page(may=can_manage_api_keys, sentence=_ONLY_ADMINISTRATORS, waits=True)
def show_key(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Afficher »: ComptExpert asks for the password again, then the profile shows the key once."""
    key = get_key_or_404(request.membership, pk=pk)
    request.session[_TO_SHOW] = str(key.pk)
    address = reverse("firms:profile", args=[request.membership.firm.siret])
    if is_confirmed(request.session):
        return redirect(address)
    try:
        return begin(request, Flow(Purpose.CONFIRM, next=address))
    except ComptExpertError as error:
        return pages.failure(request, error, next_page=address)


@require_POST
@firm_page(may=can_manage_api_keys, sentence=_ONLY_ADMINISTRATORS)
def regenerate(request: FirmRequest, pk: UUID) -> HttpResponse:
    key = get_key_or_404(request.membership, pk=pk)
    form = RegenerateForm(request.POST)
    if form.is_valid():
        _regenerate(request, key, grace=form.delay())
    else:
        messages.error(request, "Choisissez quand l'ancienne clé cesse de fonctionner.")
    return redirect("firms:profile", request.membership.firm.siret)


def _regenerate(request: FirmRequest, key: ApiKey, *, grace: timedelta) -> None:
    try:
        _new, until = regenerate_key(request.membership, key=key, grace=grace)
    except KeyReplacedError as error:
        messages.error(request, str(error))
    else:
        end = f"L'ancienne fonctionne jusqu'au {typography.datetime_fr(until)}." if grace else ""
        messages.success(request, f"Une nouvelle clé est en service. {end}".strip())
