"""Two sweeps and two workers at the same moment push an invoice once."""

from functools import partial

import pytest

from common.tenancy import tenant
from exports.enums import DeliveryState
from exports.models import Delivery
from exports.services.deliveries import ResendError, resend
from exports.tasks import dispatch, open_deliveries
from invoices.models import InvoiceEvent
from outbox.models import OutgoingEmail
from tests.exports.pushing import Pushing
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_invoice_found_by_two_sweeps_at_once_has_one_delivery(pushing: Pushing) -> None:
    pushing.part()
    assert together(*[open_deliveries] * 3) == [None] * 3
    assert [delivery.state for delivery in pushing.deliveries()] == [DeliveryState.QUEUED]


def test_delivery_in_the_hands_of_two_workers_leaves_once(pushing: Pushing) -> None:
    pushing.part()
    open_deliveries()
    pk = str(pushing.delivery().pk)
    assert together(*[partial(dispatch, pk)] * 3) == [None] * 3
    dispatch(pk)
    assert (pushing.delivery().state, pushing.delivery().email_id) == (DeliveryState.RUNNING, pushing.email().pk)
    with tenant(firm=pushing.cabinet.firm.pk):
        assert OutgoingEmail.objects.count() == 1
        assert InvoiceEvent.objects.filter(kind="delivered").count() == 1


def test_delivery_sent_again_by_two_presses_at_once_leaves_once_more(pushing: Pushing) -> None:
    pushing.part()
    open_deliveries()
    with tenant(firm=pushing.cabinet.firm.pk):
        Delivery.objects.update(state=DeliveryState.FAILED, wake_at=None)
    failed = pushing.delivery()

    def press() -> None:
        with tenant(firm=pushing.cabinet.firm.pk):
            resend(pushing.cabinet.administrator, delivery=failed)

    assert [type(answer) for answer in together(press, press, press) if answer] == [ResendError] * 2
    with tenant(firm=pushing.cabinet.firm.pk):
        assert list(Delivery.objects.order_by("round").values_list("round", flat=True)) == [1, 2]
