"""« Archivé » stops new invoices and closes those that wait; what was received stays."""

import pytest

from clients.services import archive_client, restore_client
from common.tenancy import tenant
from invoices.enums import FirmState
from invoices.models import FirmInvoice
from invoices.services.closing import close_parts
from tests.factories import make_cabinet, make_client
from tests.invoices.conftest import Space
from tests.together import together
from tests.world import make_invoice


def part_in(space: Space, state: FirmState) -> FirmInvoice:
    invoice = make_invoice(space.company, client=space.client, number=f"F-{state}")
    with tenant(firm=space.cabinet.firm.pk):
        FirmInvoice.objects.filter(invoice=invoice).update(state=state)
        return FirmInvoice.objects.get(invoice=invoice)


def states(space: Space) -> list[str]:
    with tenant(firm=space.cabinet.firm.pk):
        return list(FirmInvoice.objects.order_by("created_at").values_list("state", flat=True))


def test_archived_client_file_closes_what_waits_and_keeps_what_was_received(space: Space) -> None:
    before = [FirmState.PENDING, FirmState.TO_TRANSFER, FirmState.TRANSFERRED]
    parts = [part_in(space, state) for state in before]
    assert (close_parts(), states(space)) == (0, before)

    archive_client(space.cabinet.administrator, client=space.client)

    assert close_parts() == 2
    assert states(space) == [FirmState.CLOSED, FirmState.CLOSED, FirmState.TRANSFERRED]
    with tenant(firm=space.cabinet.firm.pk):
        assert FirmInvoice.objects.get(pk=parts[0].pk).changed_at > parts[0].changed_at
    restore_client(space.cabinet.administrator, client=space.client)
    assert (close_parts(), states(space)[0]) == (0, FirmState.CLOSED)


def test_other_firm_of_the_company_keeps_its_part(space: Space) -> None:
    other = make_cabinet()
    theirs = make_client(other.firm, status="active", company=space.company)
    part = part_in(space, FirmState.TO_TRANSFER)
    with tenant(firm=other.firm.pk, company=space.company.pk):
        FirmInvoice.objects.create(
            firm=other.firm,
            company=space.company,
            client=theirs,
            invoice_id=part.invoice_id,
            direction=part.direction,
            issue_date=part.issue_date,
            file_name="x.pdf",
            state=FirmState.TO_TRANSFER,
        )
    archive_client(space.cabinet.administrator, client=space.client)

    assert close_parts() == 1

    with tenant(firm=other.firm.pk):
        assert FirmInvoice.objects.get().state == FirmState.TO_TRANSFER


@pytest.mark.django_db(transaction=True)
def test_part_that_somebody_holds_is_left_for_the_next_round(space: Space) -> None:
    part = part_in(space, FirmState.TO_TRANSFER)
    archive_client(space.cabinet.administrator, client=space.client)
    with tenant(firm=space.cabinet.firm.pk):
        FirmInvoice.objects.select_for_update().get(pk=part.pk)
        assert together(close_parts) == [0]
    assert close_parts() == 1
