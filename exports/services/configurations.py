"""« Paramètres d'export »: where a firm's invoices leave to on their own, and which clients use it."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from clients.models import Client
from common.journal import record
from common.permissions import require
from common.work import wake
from exports.enums import DeliveryState
from exports.models import ClientExport, Delivery, ExportConfiguration
from exports.permissions import can_configure_exports, can_connect_client
from firms.models import Membership
from invoices.enums import Direction
from invoices.models import FirmInvoice

_ONLY_ADMINISTRATORS = "Seul un administrateur change les paramètres d'export."


class ConfigurationExistsError(ValueError):
    """The firm has a configuration of this name."""


def save_configuration(
    actor: Membership, *, configuration: ExportConfiguration | None, name: str, recipient: str, with_original: bool
) -> ExportConfiguration:
    """Create it, or change the one given. Raises ConfigurationExistsError. Runs in the firm's tenant."""
    require(can_configure_exports(actor), _ONLY_ADMINISTRATORS)
    # As it is in the database: a form has already written its values on the object that it was given.
    saved = _locked(configuration) if configuration else ExportConfiguration(firm_id=actor.firm_id)
    former = saved.recipient
    saved.name, saved.recipient, saved.with_original = name, recipient.lower(), with_original
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise ConfigurationExistsError(f"Une configuration s'appelle déjà « {name} ».") from error
    if configuration and former != saved.recipient:
        _redirect(saved, former)
    action = "export.configuration_changed" if configuration else "export.configuration_created"
    record(actor, action, saved, recipient=saved.recipient, with_original=with_original)
    return saved


def _locked(configuration: ExportConfiguration) -> ExportConfiguration:
    return ExportConfiguration.objects.select_for_update().get(pk=configuration.pk)


def _redirect(configuration: ExportConfiguration, former: str) -> None:
    """What has not left for the former address leaves for the new one."""
    _send_to(_waiting(configuration).filter(recipient=former), configuration.recipient)
    if former in configuration.paused_addresses:
        configuration.paused_addresses.remove(former)
        configuration.save(update_fields=["paused_addresses"])


def _waiting(configuration: ExportConfiguration) -> QuerySet[Delivery]:
    states = [DeliveryState.QUEUED, DeliveryState.RETRYING, DeliveryState.SUSPENDED]
    return Delivery.objects.filter(configuration=configuration, email_id__isnull=True, state__in=states)


def _send_to(deliveries: QuerySet[Delivery], recipient: str) -> None:
    deliveries.update(recipient=recipient, state=DeliveryState.QUEUED, wake_at=timezone.now())


def set_enabled(actor: Membership, *, configuration: ExportConfiguration, enabled: bool) -> None:
    """Invoices that became available while it was off are not sent when it is on again: nothing is back-filled."""
    require(can_configure_exports(actor), _ONLY_ADMINISTRATORS)
    if configuration.enabled == enabled:
        return
    configuration.enabled = enabled
    configuration.save(update_fields=["enabled"])
    if enabled:
        configuration.clients.update(looked_until=timezone.now())
    record(actor, "export.configuration_enabled" if enabled else "export.configuration_disabled", configuration)


def resume_address(actor: Membership, *, configuration: ExportConfiguration, address: str) -> int:
    """The address works again: what waited for it leaves; how many."""
    require(can_configure_exports(actor), _ONLY_ADMINISTRATORS)
    locked = _locked(configuration)
    if address not in locked.paused_addresses:
        return 0
    locked.paused_addresses.remove(address)
    locked.save(update_fields=["paused_addresses"])
    waiting = list(Delivery.objects.filter(configuration=locked, recipient=address, state=DeliveryState.SUSPENDED))
    for delivery in waiting:
        delivery.state, delivery.wake_at = DeliveryState.QUEUED, timezone.now()
        wake(delivery)
    Delivery.objects.bulk_update(waiting, ["state", "wake_at"])
    record(actor, "export.address_resumed", locked, address=address, waiting=len(waiting))
    return len(waiting)


def connect_client(
    actor: Membership,
    *,
    client: Client,
    configuration: ExportConfiguration | None,
    purchases_to: str = "",
    sales_to: str = "",
) -> None:
    """« Connexion à l'outil de production »: from now on this client's invoices leave by it; None disconnects."""
    require(can_connect_client(actor, client), "Vous ne pouvez pas changer la connexion de ce dossier.")
    ClientExport.objects.filter(client=client).exclude(configuration=configuration).delete()
    if configuration is None:
        record(actor, "export.client_disconnected", client)
        return
    connection, _made = ClientExport.objects.update_or_create(
        client=client,
        configuration=configuration,
        defaults={"firm_id": actor.firm_id, "purchases_to": purchases_to.lower(), "sales_to": sales_to.lower()},
    )
    for direction in Direction:
        # What has not left for a former address of this client leaves for the new one.
        own = FirmInvoice.objects.filter(firm=actor.firm_id, client=client, direction=direction).values("invoice")
        recipient = connection.recipient(direction)
        _send_to(_waiting(configuration).filter(invoice__in=own).exclude(recipient=recipient), recipient)
    record(actor, "export.client_connected", client, configuration=configuration.name)
