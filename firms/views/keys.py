"""API keys: made, shown, changed, regenerated and revoked from the firm's profile."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from common import typography
from firms.access import FirmRequest, firm_page
from firms.comptexpert.confirming import confirm_first
from firms.forms import KeyForm, RegenerateForm
from firms.keys import (
    ONLY_ADMINISTRATORS,
    KeyReplacedError,
    change_key,
    create_key,
    regenerate_key,
    revoke_key,
)
from firms.models import ApiKey
from firms.permissions import can_manage_api_keys
from firms.selectors import get_key_or_404

#: In the session: the key that the profile shows once it is confirmed who asks.
TO_SHOW = "api_key_to_show"
_administrators_page = firm_page(may=can_manage_api_keys, sentence=ONLY_ADMINISTRATORS)


@require_http_methods(["GET", "HEAD", "POST"])
@_administrators_page
def create(request: FirmRequest) -> HttpResponse:
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = create_key(request.membership, name=form.cleaned_data["name"], **form.rules())
        words = f"La clé « {key.name} » est créée : « Afficher » la donne à copier dans votre logiciel."
        messages.success(request, typography.french(words))
        return _back(request)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@_administrators_page
def edit(request: FirmRequest, pk: UUID) -> HttpResponse:
    key = get_key_or_404(request.membership, pk=pk)
    form = KeyForm(request.POST if request.method == "POST" else None, key=key)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, key)
    try:
        change_key(request.membership, key=key, name=form.cleaned_data["name"], **form.rules())
    except KeyReplacedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, typography.french(f"La clé « {form.cleaned_data['name']} » est enregistrée."))
    return _back(request)


@require_POST
@firm_page(may=can_manage_api_keys, sentence=ONLY_ADMINISTRATORS, waits=True)
def show(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Afficher »: ComptExpert asks for the password again, then the profile shows the key once."""
    key = get_key_or_404(request.membership, pk=pk)
    request.session[TO_SHOW] = str(key.pk)
    return confirm_first(request, then=reverse("firms:profile", args=[request.membership.firm.siret]))


@require_POST
@_administrators_page
def regenerate(request: FirmRequest, pk: UUID) -> HttpResponse:
    key = get_key_or_404(request.membership, pk=pk)
    form = RegenerateForm(request.POST)
    if form.is_valid():
        _regenerate(request, key, grace=form.delay())
    else:
        messages.error(request, "Choisissez quand l'ancienne clé cesse de fonctionner.")
    return _back(request)


@require_POST
@_administrators_page
def revoke(request: FirmRequest, pk: UUID) -> HttpResponse:
    key = get_key_or_404(request.membership, pk=pk)
    revoke_key(request.membership, key=key)
    messages.success(request, typography.french(f"La clé « {key.name} » est révoquée : elle n'ouvre plus rien."))
    return _back(request)


def _regenerate(request: FirmRequest, key: ApiKey, *, grace: timedelta) -> None:
    try:
        _new, until = regenerate_key(request.membership, key=key, grace=grace)
    except KeyReplacedError as error:
        messages.error(request, str(error))
    else:
        works = until > timezone.now()
        end = f"L'ancienne fonctionne jusqu'au {typography.datetime_fr(until)}." if works else ""
        messages.success(request, f"Une nouvelle clé est en service. {end}".strip())


def _form_page(request: FirmRequest, form: KeyForm, key: ApiKey | None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "firms/api_key_form.html", {"form": form, "key": key}, status=status)


def _back(request: FirmRequest) -> HttpResponse:
    return redirect("firms:profile", request.membership.firm.siret)
