"""Validated, refused, undone: and what each firm's part becomes."""

import pytest

from common.tenancy import tenant
from invoices.enums import Direction, FirmState, InvoiceState
from invoices.lifecycle import Status
from invoices.models import FirmInvoice, Invoice, InvoiceEvent
from invoices.services.decisions import DecisionError, dispute, note_status, refuse, undo, validate
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


def test_dispute_takes_back_what_no_firm_has_and_is_settled_either_way(space: Space, invoice: Invoice) -> None:
    with tenant(company=space.company.pk):
        validate(space.owner, invoice=invoice)
        dispute(space.owner, invoice=invoice, code="QTE_ERR", reason="8 au lieu de 10")
        kept = Invoice.objects.get()
    assert (kept.state, kept.reason_code, kept.noted_status) == (InvoiceState.DISPUTED, "QTE_ERR", 207)
    assert kept.refusal_reason == "Quantité facturée incorrecte : 8 au lieu de 10"
    assert part(space).state == FirmState.PENDING
    with tenant(company=space.company.pk):
        validate(space.owner, invoice=invoice)
        FirmInvoice.objects.update(state=FirmState.TRANSFERRED)
        with pytest.raises(DecisionError):
            dispute(space.owner, invoice=invoice, code="PU_ERR", reason="")


@pytest.mark.parametrize(("code", "reason"), [("AUTRE", " "), ("PU_ERR", "x"), ("zzz", "x"), ("", "x")])
def test_refusal_takes_a_reason_of_its_list_and_words_for_another(
    space: Space, invoice: Invoice, code: str, reason: str
) -> None:
    with tenant(company=space.company.pk), pytest.raises(DecisionError):
        refuse(space.owner, invoice=invoice, code=code, reason=reason)
    with tenant(company=space.company.pk):
        assert Invoice.objects.get().state == InvoiceState.TO_VALIDATE


def test_status_of_a_purchase_that_decides_is_that_decision(space: Space, invoice: Invoice) -> None:
    with tenant(company=space.company.pk):
        note_status(space.owner, invoice=invoice, status=Status.SUSPENDED, code="JUSTIF_ABS")
        note_status(space.owner, invoice=invoice, status=Status.COMPLETED)
        assert Invoice.objects.get().state == InvoiceState.TO_VALIDATE
        note_status(space.owner, invoice=invoice, status=Status.PARTLY_APPROVED, code="REM_ERR")
        assert part_in_company(space).state == FirmState.TO_TRANSFER
        note_status(space.owner, invoice=invoice, status=Status.PAYMENT_SENT)
        with pytest.raises(DecisionError):
            undo(space.owner, invoice=invoice)
        with pytest.raises(DecisionError):
            note_status(space.owner, invoice=invoice, status=Status.REFUSED, code="DOUBLON")
        statuses = InvoiceEvent.objects.order_by("id").values_list("status", flat=True)
        assert list(statuses) == [None, 208, 209, 206, 211]


@pytest.mark.parametrize(
    ("direction", "noted", "wanted"),
    [(Direction.PURCHASE, 204, 203), (Direction.SALE, 204, 203), (Direction.SALE, 213, 205)],
)
def test_status_that_cannot_follow_is_not_noted(
    space: Space, invoice: Invoice, direction: str, noted: int, wanted: int
) -> None:
    with tenant(company=space.company.pk):
        Invoice.objects.update(direction=direction)
        note_status(space.owner, invoice=invoice, status=Status(noted))
        with pytest.raises(DecisionError, match="ne peut pas suivre"):
            note_status(space.owner, invoice=invoice, status=Status(wanted))
        assert Invoice.objects.get().noted_status == noted
        assert list(InvoiceEvent.objects.order_by("id").values_list("status", flat=True)) == [None, noted]


def test_statuses_of_a_sale_leave_its_state_alone(space: Space, invoice: Invoice) -> None:
    with tenant(company=space.company.pk):
        Invoice.objects.update(direction=Direction.SALE)
        note_status(space.owner, invoice=invoice, status=Status.REFUSED, code="DOUBLON")
        assert (Invoice.objects.get().state, Invoice.objects.get().noted_status) == (InvoiceState.TO_VALIDATE, 210)
        validate(space.owner, invoice=invoice)
        assert Invoice.objects.get().noted_status == 210


def part_in_company(space: Space) -> FirmInvoice:
    return FirmInvoice.objects.get(company=space.company.pk)
