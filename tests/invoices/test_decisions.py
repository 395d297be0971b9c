"""Validated, refused, undone: and what each firm's part becomes."""

import pytest

from common.tenancy import tenant
from invoices.enums import FirmState, InvoiceState
from invoices.models import FirmInvoice, Invoice, InvoiceEvent
from invoices.services.decisions import DecisionError, refuse, undo, validate
from tests.invoices.conftest import Space
from tests.world import make_invoice


@pytest.fixture
def invoice(space: Space) -> Invoice:
    return make_invoice(space.company, client=space.client)


def part(space: Space) -> FirmInvoice:
    with tenant(firm=space.cabinet.firm.pk):
        return FirmInvoice.objects.get()


def test_validated_invoice_is_to_transfer(space: Space, invoice: Invoice) -> None:
    with tenant(company=space.company.pk):
        validate(space.owner, invoice=invoice)
        assert Invoice.objects.get().state == InvoiceState.VALIDATED
        assert [event.kind for event in InvoiceEvent.objects.all()] == ["filed", "validated"]
    assert part(space).state == FirmState.TO_TRANSFER
    assert part(space).available_at is not None


def test_firm_validates_for_its_client(space: Space, invoice: Invoice) -> None:
    with tenant(firm=space.cabinet.firm.pk, company=space.company.pk):
        validate(space.cabinet.assigned, invoice=invoice)
    assert part(space).state == FirmState.TO_TRANSFER


def test_decision_is_taken_once(space: Space, invoice: Invoice) -> None:
    with tenant(company=space.company.pk):
        validate(space.owner, invoice=invoice)
        with pytest.raises(DecisionError):
            validate(space.owner, invoice=invoice)
        with pytest.raises(DecisionError):
            refuse(space.owner, invoice=invoice, reason="Trop tard")


def test_refusal_needs_its_reason(space: Space, invoice: Invoice) -> None:
    with tenant(company=space.company.pk):
        with pytest.raises(DecisionError):
            refuse(space.owner, invoice=invoice, reason="  ")
        refuse(space.owner, invoice=invoice, reason="Montant faux")
        assert Invoice.objects.get().refusal_reason == "Montant faux"
    assert part(space).state == FirmState.PENDING


def test_validation_is_undone_until_a_channel_served_it(space: Space, invoice: Invoice) -> None:
    with tenant(company=space.company.pk):
        validate(space.owner, invoice=invoice)
        undo(space.owner, invoice=invoice)
    assert (part(space).state, part(space).available_at) == (FirmState.PENDING, None)
    with tenant(company=space.company.pk):
        validate(space.owner, invoice=invoice)
        FirmInvoice.objects.update(state=FirmState.TRANSFERRED)
        with pytest.raises(DecisionError):
            undo(space.owner, invoice=invoice)
