"""Push by e-mail: once, to the right address, nothing older, and told when it comes back."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from django.utils import timezone

from clients.services import archive_client
from common.tenancy import tenant
from common.work import due_work
from exports.channels.email import MAXIMUM_BYTES
from exports.enums import DeliveryState
from exports.models import ClientExport, Delivery
from exports.services.configurations import connect_client, save_configuration, set_enabled
from exports.services.deliveries import PUSH_DELAY
from exports.tasks import dispatch, open_deliveries
from invoices.enums import Direction, FileKind, FirmState
from invoices.models import FirmInvoice, InvoiceEvent
from outbox.models import OutgoingEmail
from outbox.tasks import send
from tests.exports.factories import PDF, keep_original, make_invoice
from tests.exports.pushing import PRODUCTION, Pushing, pushed
from tests.factories import make_active_client, make_cabinet

pytestmark = pytest.mark.django_db


def test_validated_invoice_leaves_by_email_with_its_pdf(pushing: Pushing, inbox: list[EmailMessage]) -> None:
    part = pushing.part(number="F-2026-11")
    pushed(pushing)
    send(str(pushing.email().pk))
    dispatch(str(pushing.delivery().pk))

    delivery = pushing.delivery()
    assert (delivery.state, delivery.recipient, delivery.wake_at) == (DeliveryState.SENT, PRODUCTION, None)
    assert delivery.sent_at == pushing.email().sent_at
    [message] = inbox
    assert message["To"] == PRODUCTION
    assert message["Subject"] == "Achat F-2026-11 – Boulangerie Petit"
    attached = [(a.get_filename(), a.get_content_type(), a.get_content()) for a in message.iter_attachments()]
    assert attached == [(part.file_name, "application/pdf", PDF)]


def test_invoice_that_came_as_facturx_leaves_as_it_came_and_once(pushing: Pushing, inbox: list[EmailMessage]) -> None:
    pushing.configuration.with_original = True
    with tenant(firm=pushing.cabinet.firm.pk):
        pushing.configuration.save()
    part = pushing.part(invoice=make_invoice(pushing.client, kind=FileKind.ORIGINAL))
    pushed(pushing)
    send(str(pushing.email().pk))
    [message] = inbox
    attached = [(a.get_filename(), a.get_content()) for a in message.iter_attachments()]
    assert attached == [(part.file_name, PDF)]


def test_push_never_moves_the_firm_s_part_and_is_in_the_timeline(pushing: Pushing) -> None:
    part = pushing.part()
    pushed(pushing)
    with tenant(firm=part.firm_id):
        assert FirmInvoice.objects.get().state == FirmState.TO_TRANSFER
        firm = pushing.cabinet.firm.name
        assert list(InvoiceEvent.objects.values_list("kind", "text")) == [
            ("delivered", f"Envoyée par e-mail : ACD ({firm})")
        ]


def test_invoice_leaves_once_however_often_it_is_looked_at(pushing: Pushing) -> None:
    pushing.part()
    for _ in range(3):
        pushed(pushing)
    assert len(pushing.deliveries()) == 1
    with tenant(firm=pushing.cabinet.firm.pk):
        assert OutgoingEmail.objects.count() == 1


def test_invoice_waits_until_its_validation_can_no_longer_be_undone(pushing: Pushing) -> None:
    pushing.part(seconds_ago=PUSH_DELAY.total_seconds() - 10)
    open_deliveries()
    assert pushing.deliveries() == []


def test_invoice_older_than_the_connection_stays(pushing: Pushing) -> None:
    pushing.part(seconds_ago=7200)
    open_deliveries()
    assert pushing.deliveries() == []


def test_invoice_fetched_meanwhile_by_the_api_still_leaves(pushing: Pushing) -> None:
    pushing.part(state=FirmState.TRANSFERRED)
    open_deliveries()
    assert len(pushing.deliveries()) == 1


@pytest.mark.parametrize("state", [FirmState.PENDING, FirmState.CLOSED])
def test_invoice_that_is_not_available_stays(pushing: Pushing, state: FirmState) -> None:
    pushing.part(state=state)
    open_deliveries()
    assert pushing.deliveries() == []


def test_invoice_of_an_archived_client_file_stays(pushing: Pushing) -> None:
    pushing.part()
    archive_client(pushing.cabinet.administrator, client=pushing.client)
    open_deliveries()
    assert pushing.deliveries() == []


def test_client_without_connection_and_other_firm_push_nothing(pushing: Pushing) -> None:
    other = make_cabinet()
    pushing.part(client=make_active_client(other.firm))
    pushing.part(client=make_active_client(pushing.cabinet.firm))
    open_deliveries()
    assert pushing.deliveries() == []
    with tenant(firm=other.firm.pk):
        assert Delivery.objects.count() == 0


def test_purchases_and_sales_leave_to_the_client_s_own_addresses(pushing: Pushing) -> None:
    with tenant(firm=pushing.cabinet.firm.pk):
        connect_client(
            pushing.cabinet.administrator,
            client=pushing.client,
            configuration=pushing.configuration,
            purchases_to="Achats@outil.test",
        )
    pushing.part(direction=Direction.PURCHASE, number="A-1")
    pushing.part(direction=Direction.SALE, number="V-1")
    open_deliveries()
    assert [d.recipient for d in pushing.deliveries()] == ["achats@outil.test", PRODUCTION]


def test_each_configuration_of_a_client_has_its_own_delivery(pushing: Pushing) -> None:
    actor = pushing.cabinet.administrator
    with tenant(firm=actor.firm_id):
        second = save_configuration(
            actor, configuration=None, name="EBP", recipient="ebp@cabinet.test", with_original=False
        )
        ClientExport.objects.create(
            firm=pushing.cabinet.firm,
            client=pushing.client,
            configuration=second,
            looked_until=timezone.now() - timedelta(hours=1),
        )
    pushing.part()
    for _ in range(2):
        open_deliveries()
        assert sorted(d.recipient for d in pushing.deliveries()) == ["ebp@cabinet.test", PRODUCTION]
    with tenant(firm=actor.firm_id):
        Delivery.objects.filter(configuration=second).delete()
    open_deliveries()
    assert sorted(d.recipient for d in pushing.deliveries()) == ["ebp@cabinet.test", PRODUCTION]


def test_original_leaves_too_where_the_configuration_wants_it(pushing: Pushing, inbox: list[EmailMessage]) -> None:
    with tenant(firm=pushing.cabinet.firm.pk):
        save_configuration(
            pushing.cabinet.administrator,
            configuration=pushing.configuration,
            name="ACD",
            recipient=PRODUCTION,
            with_original=True,
        )
    part = pushing.part()
    keep_original(part, name="facture.xml", content=b"<Invoice/>", media_type="application/xml")
    pushed(pushing)
    send(str(pushing.email().pk))
    [message] = inbox
    names = [attachment.get_filename() for attachment in message.iter_attachments()]
    assert names == [part.file_name, "original_facture.xml"]


def test_invoice_too_large_for_production_tools_fails_with_the_reason(pushing: Pushing) -> None:
    pushing.part(invoice=make_invoice(pushing.client, claimed_size=MAXIMUM_BYTES))
    pushed(pushing)
    delivery = pushing.delivery()
    assert (delivery.state, delivery.email_id, delivery.wake_at) == (DeliveryState.FAILED, None, None)
    assert delivery.last_error == (
        "Les pièces jointes dépassent 15 Mo, la taille que les logiciels de production acceptent."
    )


def test_validation_undone_before_the_sending_leaves_no_delivery(pushing: Pushing) -> None:
    part = pushing.part()
    open_deliveries()
    with tenant(firm=part.firm_id):
        FirmInvoice.objects.update(state=FirmState.PENDING, available_at=None)
    dispatch(str(pushing.delivery().pk))
    assert pushing.deliveries() == []


def test_configuration_switched_off_sends_nothing_and_nothing_old_when_it_is_on_again(pushing: Pushing) -> None:
    actor = pushing.cabinet.administrator
    with tenant(firm=actor.firm_id):
        set_enabled(actor, configuration=pushing.configuration, enabled=False)
    pushing.part()
    open_deliveries()
    with tenant(firm=actor.firm_id):
        set_enabled(actor, configuration=pushing.configuration, enabled=True)
    open_deliveries()
    assert pushing.deliveries() == []


def test_connection_that_looks_seldom_moves_on_and_misses_nothing(pushing: Pushing) -> None:
    set_looked_until(pushing, timezone.now() - timedelta(hours=5))
    pushing.part(seconds_ago=4 * 3600)
    open_deliveries()
    with tenant(firm=pushing.cabinet.firm.pk):
        looked_until = ClientExport.objects.get().looked_until
    assert timedelta(minutes=9) < timezone.now() - looked_until < timedelta(minutes=15)
    assert len(pushing.deliveries()) == 1


def set_looked_until(pushing: Pushing, at: datetime) -> None:
    with tenant(firm=pushing.cabinet.firm.pk):
        ClientExport.objects.update(looked_until=at)


def test_email_not_sent_yet_is_asked_about_again(pushing: Pushing) -> None:
    pushing.part()
    pushed(pushing)
    dispatch(str(pushing.delivery().pk))
    delivery = pushing.delivery()
    assert delivery.state == DeliveryState.RUNNING
    assert delivery.wake_at is not None
    assert due() == []
    assert delivery.wake_at - timezone.now() < timedelta(seconds=11)


def due() -> list[UUID]:
    with tenant(platform="a test looks at what a sweep would wake"):
        return due_work()["exports.tasks.dispatch"]
