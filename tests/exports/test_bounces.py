"""An address whose mail comes back, an attempt that breaks: nothing is lost, and the firm is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common.tenancy import tenant
from exports.enums import DeliveryState
from exports.models import ClientExport, Delivery, ExportConfiguration
from exports.services.configurations import connect_client, resume_address, save_configuration
from exports.services.deliveries import follow_bounces
from exports.tasks import dispatch, open_deliveries
from invoices.enums import Direction
from outbox.enums import EmailState
from tests.exports.pushing import PRODUCTION, Pushing, pushed
from tests.factories import make_active_client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("late", [False, True])
def test_bounce_pauses_the_address_and_nothing_is_lost(pushing: Pushing, *, late: bool) -> None:
    pushing.part(number="F-1")
    pushed(pushing)
    [first] = pushing.deliveries()
    if late:
        pushing.mark_email(EmailState.SENT, sent_at=timezone.now())
        dispatch(str(first.pk))
    pushing.part(number="F-2")
    open_deliveries()
    pushing.mark_email(EmailState.BOUNCED)
    if late:
        follow_bounces()
    else:
        dispatch(str(first.pk))
    pushing.part(number="F-3")
    open_deliveries()

    states = [delivery.state for delivery in pushing.deliveries()]
    assert states == [DeliveryState.FAILED, DeliveryState.SUSPENDED, DeliveryState.SUSPENDED]
    with tenant(firm=pushing.cabinet.firm.pk):
        configuration = ExportConfiguration.objects.get()
        assert configuration.paused_addresses == [PRODUCTION]
        assert resume_address(pushing.cabinet.administrator, configuration=configuration, address=PRODUCTION) == 2
    states = [delivery.state for delivery in pushing.deliveries()]
    assert states == [DeliveryState.FAILED, DeliveryState.QUEUED, DeliveryState.QUEUED]


def test_delivery_opened_while_its_address_is_being_paused_waits_too(pushing: Pushing) -> None:
    pushing.part()
    open_deliveries()
    with tenant(firm=pushing.cabinet.firm.pk):
        ExportConfiguration.objects.update(paused_addresses=[PRODUCTION])
    dispatch(str(pushing.delivery().pk))
    delivery = pushing.delivery()
    assert (delivery.state, delivery.email_id, delivery.wake_at) == (DeliveryState.SUSPENDED, None, None)


def test_corrected_address_gets_what_waited_for_the_former_one(pushing: Pushing) -> None:
    with tenant(firm=pushing.cabinet.firm.pk):
        ExportConfiguration.objects.update(paused_addresses=[PRODUCTION])
    pushing.part()
    open_deliveries()
    assert pushing.delivery().state == DeliveryState.SUSPENDED

    with tenant(firm=pushing.cabinet.firm.pk):
        saved = save_configuration(
            pushing.cabinet.administrator,
            configuration=ExportConfiguration.objects.get(),
            name="ACD",
            recipient="new@cabinet.test",
            with_original=False,
        )

    assert saved.paused_addresses == []
    assert (pushing.delivery().recipient, pushing.delivery().state) == ("new@cabinet.test", DeliveryState.QUEUED)


def test_client_s_own_corrected_address_gets_what_waited_for_the_former_one(pushing: Pushing) -> None:
    administrator, other = pushing.cabinet.administrator, make_active_client(pushing.cabinet.firm)
    with tenant(firm=pushing.cabinet.firm.pk):
        for client in (pushing.client, other):
            connect_client(
                administrator, client=client, configuration=pushing.configuration, purchases_to="old@outil.test"
            )
        ClientExport.objects.update(looked_until=timezone.now() - timedelta(hours=1))
        ExportConfiguration.objects.update(paused_addresses=["old@outil.test"])
    for client in (pushing.client, other):
        pushing.part(client=client, number=f"A-{client.siren}")
    pushing.part(direction=Direction.SALE, number="V-1")
    open_deliveries()

    with tenant(firm=pushing.cabinet.firm.pk):
        connect_client(
            administrator, client=pushing.client, configuration=pushing.configuration, purchases_to="new@outil.test"
        )

    found = [(delivery.recipient, delivery.state) for delivery in pushing.deliveries()]
    assert sorted(found) == [
        ("new@outil.test", DeliveryState.QUEUED),
        ("old@outil.test", DeliveryState.SUSPENDED),
        (PRODUCTION, DeliveryState.QUEUED),
    ]


def test_attempt_that_breaks_is_told_on_the_row_and_tried_again(pushing: Pushing) -> None:
    pushing.part()
    open_deliveries()
    with tenant(firm=pushing.cabinet.firm.pk):
        # What no form would let in: the outbox refuses to write to it.
        Delivery.objects.update(recipient="not an address")
    dispatch(str(pushing.delivery().pk))
    delivery = pushing.delivery()
    assert (delivery.state, delivery.attempts, delivery.email_id) == (DeliveryState.RETRYING, 1, None)
    assert delivery.last_error == "InvalidAddressError: Cette adresse e-mail n'est pas valable."
    assert delivery.wake_at is not None
