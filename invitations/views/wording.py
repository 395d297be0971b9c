"""« Paramètres d'invitation », and the e-mail as the firm's words will make it."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import Client
from clients.selectors import clients_visible_to
from common.frames import framed
from common.ids import uuids_in
from firms.access import FirmRequest, firm_page
from invitations.forms import SettingsForm
from invitations.models import MAX_WORDS
from invitations.permissions import can_change_settings
from invitations.selectors import settings_of
from invitations.services import LIFETIME, save_settings
from invitations.tokens import link_of
from invitations.writing import write_message

#: Where a token stands in the link of the preview, which leads nowhere.
_STAND_IN: Final = "le-lien-personnel-de-votre-client"


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page()
def settings(request: FirmRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=settings_of(request.membership.firm_id))
    if request.method == "POST" and form.is_valid():
        save_settings(request.membership, **form.cleaned_data)
        messages.success(request, "Les paramètres d'invitation sont enregistrés.")
        return redirect("invitations:settings", request.membership.firm.siret)
    context = {"form": form, "may_change": can_change_settings(request.membership), "rail": "invitations"}
    return render(request, "invitations/settings.html", context, status=422 if form.errors else 200)


@require_POST
@firm_page()
def preview(request: FirmRequest) -> HttpResponse:
    """The e-mail with the words that are being typed, for a frame; its link leads nowhere."""
    link = link_of(_STAND_IN)
    visible = clients_visible_to(request.membership).select_related("firm")
    client = visible.filter(pk__in=uuids_in([request.POST.get("client", "")])).first()
    message = write_message(
        client or Client(firm=request.membership.firm, name="Votre client"),
        link=link,
        expires_at=timezone.now() + LIFETIME,
        words=request.POST.get("words", "").strip()[:MAX_WORDS],
    )
    return framed(message.parts.html.replace(f'href="{link}"', 'href="#"'))
