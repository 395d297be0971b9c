"""Two sweeps and two workers at the same moment push an invoice once."""

from functools import partial

import pytest

from common.tenancy import tenant
from exports.enums import DeliveryState
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
