"""Push: a delivery is opened for what became « à transférer », leaves by its channel, is followed to its end."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from common.journal import SYSTEM, record
from common.permissions import require
from common.tenancy import tenant
from common.work import begin_attempt, retry_delay, wake
from exports.channels import Outcome, Parcel, channel_of
from exports.enums import DeliveryState
from exports.models import ClientExport, Delivery, ExportConfiguration
from exports.permissions import can_configure_exports
from exports.selectors.push import (
    Undelivered,
    deliveries_bounced_late,
    delivery_owner,
    files_to_send,
    part_of,
    undelivered,
)
from firms.models import Membership
from invoices.models import FirmInvoice, InvoiceEvent
from invoices.services.decisions import DELIVERED

#: A validation can be undone for this long before anything is pushed.
PUSH_DELAY = timedelta(seconds=60)
#: A validation may commit this long after the time that it wrote: connections look back as far.
_LATE = timedelta(minutes=10)
_STALE = timedelta(hours=1)
_BATCH = 500
_FOLLOW_EVERY = timedelta(seconds=10)
_MAX_ATTEMPTS = 12


def open_deliveries() -> int:
    """Give each invoice that its client's connection has not sent yet its delivery; the number opened."""
    until = timezone.now() - PUSH_DELAY
    with tenant(platform="deliveries are opened for every firm"):
        due = undelivered(until=until, limit=_BATCH)
    for firm_id, rows in groupby(sorted(due, key=lambda row: row.firm_id), key=lambda row: row.firm_id):
        with tenant(firm=firm_id):
            _open(rows)
    if len(due) < _BATCH:
        _move_on(until)  # last: a worker that dies before leaves everything to be found again
    return len(due)


def advance_delivery(pk: UUID) -> None:
    """One step: send it, or ask what became of it. Harmless when repeated."""
    owner = delivery_owner(pk)
    if owner is None:
        return
    firm_id, company_id = owner
    with tenant(firm=firm_id):
        delivery = Delivery.claim(pk)
        if delivery is None:
            return
        if delivery.email_id is None and delivery.attempts >= _MAX_ATTEMPTS:
            _give_up(delivery)
        elif delivery.email_id is None:
            begin_attempt(delivery)  # committed by itself: an attempt that kills its worker counts
    with tenant(firm=firm_id, company=company_id):
        delivery = Delivery.claim(pk)
        if delivery is None:
            return
        if delivery.email_id is None:
            _send(delivery)
        else:
            _settle(delivery, channel_of(delivery).outcome(delivery))


def note_failure(pk: UUID, *, error: str) -> None:
    """An attempt broke: try again later."""
    owner = delivery_owner(pk)
    if owner is None:
        return
    with tenant(firm=owner[0]):
        delivery = Delivery.claim(pk)
        if delivery is not None:
            delivery.state, delivery.last_error = DeliveryState.RETRYING, error
            delivery.wake_at = timezone.now() + retry_delay(delivery.attempts)
            delivery.save(update_fields=["state", "wake_at", "last_error"])


def follow_bounces() -> int:
    """Mail servers answer late: a delivery that counted as sent fails when its e-mail comes back."""
    with tenant(platform="bounces concern every firm"):
        pks = deliveries_bounced_late(limit=_BATCH)
    for pk in pks:
        owner = delivery_owner(pk)
        if owner is not None:
            with tenant(firm=owner[0], company=owner[1]):
                delivery = Delivery.objects.select_for_update().get(pk=pk)
                _settle(delivery, channel_of(delivery).outcome(delivery))
    return len(pks)


class ResendError(ValueError):
    """It cannot be sent again; the message says why, in French."""


def resend(actor: Membership, *, delivery: Delivery) -> Delivery:
    """A deliberate new act: another delivery of the invoice, to where it would leave today. In the firm's tenant."""
    require(can_configure_exports(actor), "Seul un administrateur renvoie une facture.")
    part = part_of(delivery)
    if part is None:
        raise ResendError("Cette facture n'est plus validée.")
    # Looked at under the part's lock: pressed twice, it leaves once.
    rounds = Delivery.objects.filter(invoice=delivery.invoice_id, configuration=delivery.configuration_id)
    if rounds.filter(Q(wake_at__isnull=False) | Q(state=DeliveryState.SUSPENDED)).exists():
        raise ResendError("Une livraison de cette facture n'est pas finie : attendez qu'elle le soit.")
    connection = ClientExport.objects.filter(client=part.client_id, configuration=delivery.configuration_id).first()
    recipient = connection.recipient(part.direction) if connection else delivery.configuration.recipient
    if recipient in delivery.configuration.paused_addresses:
        raise ResendError(f"L'adresse {recipient} rejette les e-mails : corrigez-la ou reprenez d'abord les envois.")
    again = Delivery.objects.create(
        firm_id=delivery.firm_id,
        company_id=delivery.company_id,
        invoice_id=delivery.invoice_id,
        configuration_id=delivery.configuration_id,
        recipient=recipient,
        round=rounds.aggregate(last=Max("round"))["last"] + 1,
        wake_at=timezone.now(),
    )
    wake(again)
    record(actor, "export.invoice_sent_again", part, recipient=recipient, round=again.round)
    return again


def _move_on(until: datetime) -> None:
    # Once an hour, so that the sweep does not write as many rows as there are connections each time.
    with tenant(platform="connections of every firm have been looked at"):
        ClientExport.objects.filter(looked_until__lt=until - _STALE).update(looked_until=until - _LATE)


def _open(rows: Iterable[Undelivered]) -> None:
    deliveries = [_new_delivery(row) for row in rows]
    # Two sweeps at once: the constraint (invoice, configuration, recipient, round) keeps one row.
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    for delivery in deliveries:
        if delivery.wake_at is not None:
            wake(delivery)


def _new_delivery(row: Undelivered) -> Delivery:
    recipient = row.connection.recipient(row.direction)
    paused = recipient in row.connection.configuration.paused_addresses
    return Delivery(
        firm_id=row.firm_id,
        company_id=row.company_id,
        invoice_id=row.invoice_id,
        configuration=row.connection.configuration,
        recipient=recipient,
        state=DeliveryState.SUSPENDED if paused else DeliveryState.QUEUED,
        wake_at=None if paused else timezone.now(),
    )


def _give_up(delivery: Delivery) -> None:
    delivery.state, delivery.wake_at = DeliveryState.FAILED, None
    delivery.last_error = delivery.last_error or "Trop de tentatives."
    delivery.save(update_fields=["state", "wake_at", "last_error"])


def _send(delivery: Delivery) -> None:
    part = part_of(delivery)
    if part is None:
        # The validation was undone meanwhile: the row goes, so that a new validation opens a new one.
        delivery.delete()
        return
    if delivery.recipient in delivery.configuration.paused_addresses:
        # It was opened while another delivery's bounce paused the address.
        delivery.state, delivery.wake_at = DeliveryState.SUSPENDED, None
        delivery.save(update_fields=["state", "wake_at"])
        return
    parcel, channel = Parcel(delivery, part, files_to_send(delivery)), channel_of(delivery)
    problem = channel.refuse(parcel) if parcel.files else "Cette facture n'a pas encore de PDF à envoyer."
    if problem:
        delivery.state, delivery.wake_at, delivery.last_error = DeliveryState.FAILED, None, problem
    else:
        channel.send(parcel)
        delivery.state, delivery.wake_at = DeliveryState.RUNNING, timezone.now() + _FOLLOW_EVERY
        _tell_timeline(part, delivery)
    delivery.save(update_fields=["state", "wake_at", "last_error", "email_id"])


def _tell_timeline(part: FirmInvoice, delivery: Delivery) -> None:
    # Also what keeps the validation from being undone: a channel has served the invoice.
    InvoiceEvent.objects.create(
        company_id=part.company_id,
        invoice_id=part.invoice_id,
        kind=DELIVERED,
        actor=SYSTEM.actor_name,
        text=f"Envoyée par e-mail : {delivery.configuration.name} ({delivery.firm.name})",
    )


def _settle(delivery: Delivery, outcome: Outcome) -> None:
    delivery.last_error = outcome.problem
    delivery.sent_at = outcome.sent_at or delivery.sent_at
    if not outcome.settled:
        delivery.state = DeliveryState.RETRYING if outcome.problem else DeliveryState.RUNNING
        delivery.wake_at = timezone.now() + _FOLLOW_EVERY
    else:
        delivery.state = DeliveryState.FAILED if outcome.problem else DeliveryState.SENT
        delivery.wake_at = None
    delivery.save(update_fields=["state", "wake_at", "last_error", "sent_at"])
    if outcome.bounced:
        _pause(delivery.configuration_id, delivery.recipient)


def _pause(configuration_id: UUID, address: str) -> None:
    """Nothing more goes to an address whose mail comes back, until somebody says that it works again."""
    configuration = ExportConfiguration.objects.select_for_update().get(pk=configuration_id)
    Delivery.objects.filter(
        configuration=configuration, recipient=address, state__in=[DeliveryState.QUEUED, DeliveryState.RETRYING]
    ).filter(email_id__isnull=True).update(state=DeliveryState.SUSPENDED, wake_at=None)
    if address not in configuration.paused_addresses:
        configuration.paused_addresses.append(address)
        configuration.save(update_fields=["paused_addresses"])
        record(SYSTEM, "export.address_paused", configuration, address=address)
