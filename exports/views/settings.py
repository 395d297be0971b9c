"""« Paramètres d'export »: the configurations of a firm and what left by them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.typography import french
from exports.channels.email import sender_address
from exports.forms import ConfigurationForm
from exports.models import ExportConfiguration
from exports.permissions import can_configure_exports
from exports.selectors.pages import (
    configurations_with_counts,
    get_configuration_or_404,
    get_delivery_or_404,
    latest_deliveries,
)
from exports.services.configurations import (
    ConfigurationExistsError,
    resume_address,
    save_configuration,
    set_enabled,
)
from exports.services.deliveries import ResendError, resend
from exports.tables import DeliveryTable
from firms.access import FirmRequest, firm_page

_ONLY_ADMINISTRATORS = "Seul un administrateur du cabinet change les paramètres d'export."
_administrators_page = firm_page(may=can_configure_exports, sentence=_ONLY_ADMINISTRATORS)


@require_safe
@firm_page()
def configurations(request: FirmRequest) -> HttpResponse:
    may_configure = can_configure_exports(request.membership)
    context = {
        "configurations": configurations_with_counts(request.membership),
        "sender": sender_address(),
        "may_configure": may_configure,
        "deliveries": DeliveryTable(latest_deliveries(request.membership)) if may_configure else None,
        "rail": "exports",
    }
    return render(request, "exports/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_administrators_page
def configuration_new(request: FirmRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@_administrators_page
def configuration_edit(request: FirmRequest, pk: UUID) -> HttpResponse:
    return _edit(request, get_configuration_or_404(request.membership, pk=pk))


@require_POST
@_administrators_page
def configuration_switch(request: FirmRequest, pk: UUID) -> HttpResponse:
    configuration = get_configuration_or_404(request.membership, pk=pk)
    enabled = request.POST.get("activer") == "1"
    set_enabled(request.membership, configuration=configuration, enabled=enabled)
    word = "activée" if enabled else "désactivée"
    messages.success(request, french(f"La configuration « {configuration.name} » est {word}."))
    return _back(request)


@require_POST
@_administrators_page
def address_resume(request: FirmRequest, pk: UUID) -> HttpResponse:
    configuration = get_configuration_or_404(request.membership, pk=pk)
    address = request.POST.get("adresse", "")
    waiting = resume_address(request.membership, configuration=configuration, address=address)
    messages.success(request, french(f"Les envois vers {address} reprennent ; factures en attente : {waiting}."))
    return _back(request)


@require_POST
@_administrators_page
def delivery_resend(request: FirmRequest, pk: UUID) -> HttpResponse:
    delivery = get_delivery_or_404(request.membership, pk=pk)
    try:
        again = resend(request.membership, delivery=delivery)
    except ResendError as error:
        messages.error(request, french(str(error)))
    else:
        messages.success(request, french(f"La facture {delivery.invoice.number} repart vers {again.recipient}."))
    return _back(request)


def _edit(request: FirmRequest, configuration: ExportConfiguration | None) -> HttpResponse:
    form = ConfigurationForm(request.POST if request.method == "POST" else None, instance=configuration)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_configuration(request.membership, configuration=configuration, **form.values())
        except ConfigurationExistsError as error:
            form.add_error("name", french(str(error)))
        else:
            messages.success(request, french(f"La configuration « {saved.name} » est enregistrée."))
            return _back(request)
    context = {"form": form, "configuration": configuration, "sender": sender_address(), "rail": "exports"}
    return render(request, "exports/configuration.html", context, status=422 if form.errors else 200)


def _back(request: FirmRequest) -> HttpResponse:
    return redirect("exports:settings", request.membership.firm.siret)
