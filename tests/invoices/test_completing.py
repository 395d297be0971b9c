"""A PDF or a photo without data: what a person reads on it makes the invoice; or the file is refused."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser
from django.utils import timezone

from common.identifiers import vat_of_siren
from common.models import JournalEntry
from common.tenancy import tenant
from invoices.enums import DepositState, Direction, FileKind, InvoiceState
from invoices.models import Deposit, FirmInvoice, Invoice, InvoiceCheck, InvoiceEvent
from invoices.services.completing import CompletingError, complete_deposit, refuse_deposit
from invoices.services.filing import DuplicateInvoiceError
from tests.invoices.completing import PNG, TIFF, address, again, complete, terms, typed_in
from tests.invoices.conftest import SUPPLIER, Space, bytes_in, bytes_of, deposit, files_of, typed
from tests.invoices.making import pdf_with
from tests.together import together


def actions(space: Space) -> list[str]:
    with tenant(company=space.company.pk):
        return list(JournalEntry.objects.order_by("id").values_list("action", flat=True))


def test_pdf_becomes_the_invoice_that_a_person_reads_on_it(space: Space) -> None:
    incomplete = deposit(space, pdf_with(), name="facture.pdf")
    assert (incomplete.state, incomplete.reason_code) == (DepositState.INCOMPLETE, "no_data")
    invoice = complete(space, incomplete, due_date=date(2026, 12, 2))
    assert (invoice.container, invoice.direction, invoice.state) == ("pdf", "AP", InvoiceState.TO_VALIDATE)
    assert (invoice.number, invoice.issue_date, invoice.due_date) == ("2026/17", date(2026, 11, 2), date(2026, 12, 2))
    assert (invoice.seller_name, invoice.seller_siren) == ("Minoterie Martin", SUPPLIER)
    assert (invoice.buyer_name, invoice.buyer_siren) == (space.company.name, space.company.siren)
    assert (invoice.total_without_vat, invoice.total_vat) == (Decimal("1240.00"), Decimal("248.00"))
    assert (invoice.total_with_vat, invoice.currency) == (Decimal("1488.00"), "EUR")
    assert invoice.amount_due is None
    settled = again(space, incomplete)
    assert (settled.state, settled.reason, settled.invoice_id) == (DepositState.FILED, "", invoice.pk)


def test_completed_pdf_leaves_as_it_came_and_nothing_was_checked(space: Space) -> None:
    data = pdf_with()
    invoice = complete(space, deposit(space, data))
    files = files_of(invoice)
    assert {kind: file.media_type for kind, file in files.items()} == {FileKind.ORIGINAL: "application/pdf"}
    assert bytes_in(files[FileKind.ORIGINAL]) == data
    with tenant(firm=space.cabinet.firm.pk):
        [part] = FirmInvoice.objects.all()
    assert (part.size, part.file_name) == (len(data), f"achat_20261102_2026-17_{part.pk.hex}.pdf")
    with tenant(company=space.company.pk):
        assert InvoiceCheck.objects.count() == 0


def test_timeline_and_journal_say_who_completed_it(space: Space) -> None:
    incomplete = deposit(space, pdf_with(), name="facture.pdf")
    complete(space, incomplete)
    with tenant(company=space.company.pk):
        lines = list(InvoiceEvent.objects.values_list("kind", "actor", "text"))
    person = space.owner.actor_name
    assert lines == [
        ("filed", person, "Déposée par l'entreprise : facture.pdf"),
        ("completed", person, f"Complétée par {person}"),
    ]
    assert actions(space) == ["deposit.received", "invoice.filed", "deposit.completed"]


def test_sale_has_the_company_as_seller(space: Space) -> None:
    invoice = complete(space, deposit(space, pdf_with()), direction=Direction.SALE)
    assert (invoice.seller_siren, invoice.buyer_siren) == (space.company.siren, SUPPLIER)


def test_photo_leaves_as_a_pdf_page_made_from_it(space: Space) -> None:
    invoice = complete(space, deposit(space, PNG, name="photo.png"))
    files = files_of(invoice)
    assert {kind: (file.name, file.media_type) for kind, file in files.items()} == {
        FileKind.ORIGINAL: ("photo.png", "image/png"),
        FileKind.OUTGOING: ("2026-17.pdf", "application/pdf"),
    }
    assert bytes_in(files[FileKind.ORIGINAL]) == PNG
    with pikepdf.open(io.BytesIO(bytes_in(files[FileKind.OUTGOING]))) as pdf:
        assert (len(pdf.pages), str(pdf.docinfo.Title), len(pdf.pages[0].get_images())) == (1, "Facture 2026/17", 1)
    assert (invoice.container, invoice.format_name) == ("image", "Image")
    assert [files[kind].title for kind in (FileKind.ORIGINAL, FileKind.OUTGOING)] == ["Original", "PDF lisible"]


def test_image_that_no_page_can_hold_leaves_nothing_behind(space: Space) -> None:
    incomplete = deposit(space, TIFF, name="fax.tif")
    with pytest.raises(CompletingError, match="JPEG ou PNG"):
        complete(space, incomplete)
    assert again(space, incomplete).state == DepositState.INCOMPLETE
    with tenant(company=space.company.pk):
        assert Invoice.objects.count() == 0


def test_completed_once_only(space: Space) -> None:
    incomplete = deposit(space, pdf_with())
    complete(space, incomplete)
    with pytest.raises(CompletingError, match=r"déjà «\sClassé\s»"):
        complete(space, incomplete, number="2026/18")
    with tenant(company=space.company.pk):
        assert Invoice.objects.count() == 1


@pytest.mark.parametrize("container", ["cii", "facturx"])
def test_invoice_that_is_there_already_is_named(space: Space, container: str) -> None:
    """The one that came with data states a VAT number too; the SIREN is what makes it the same seller."""
    came = typed(seller=SUPPLIER, buyer=space.company.siren, number="2026/17")
    first = deposit(space, bytes_of(came, container=container)).invoice
    incomplete = deposit(space, pdf_with())
    with pytest.raises(DuplicateInvoiceError) as told:
        complete(space, incomplete)
    assert told.value.first == first
    assert again(space, incomplete).state == DepositState.INCOMPLETE


def test_sellers_without_number_are_told_apart_by_their_names(space: Space) -> None:
    first = complete(space, deposit(space, pdf_with()), other_siren="", other_name="Acme Ltd")
    complete(space, deposit(space, PNG), other_siren="", other_name="Other Ltd")
    with pytest.raises(DuplicateInvoiceError) as told:
        complete(space, deposit(space, pdf_with() + b"\n"), other_siren="", other_name="ACME LTD")
    assert told.value.first == first


def test_missing_number_of_an_invoice_with_data_is_stated_and_the_rest_stays(space: Space) -> None:
    came = typed(seller=SUPPLIER, buyer=space.company.siren, number="SANS-NUMERO")
    data = bytes_of(came, container="ubl").replace(b"SANS-NUMERO", b"")
    incomplete = deposit(space, data, name="facture.xml")
    assert (incomplete.state, incomplete.reason_code) == (DepositState.INCOMPLETE, "missing_terms")
    # The SIREN in the data says that the company buys, whatever the person says.
    invoice = complete(space, incomplete, direction=Direction.SALE, other_name="Vendeur SARL")
    assert (invoice.direction, invoice.number, invoice.container) == ("AP", "2026/17", "ubl")
    assert (invoice.seller_name, invoice.seller_vat) == ("Vendeur SARL", vat_of_siren(SUPPLIER))
    assert invoice.amount_due == Decimal("1200.00")
    assert set(files_of(invoice)) == {FileKind.ORIGINAL, FileKind.OUTGOING}
    with tenant(company=space.company.pk):
        assert InvoiceCheck.objects.exists()


def test_held_deposit_is_not_to_be_completed(space: Space) -> None:
    held = deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=SUPPLIER), container="cii"))
    with pytest.raises(CompletingError, match=r"déjà «\sRetenu\s»"):
        complete(space, held)


def test_firm_completes_for_its_client_and_somebody_who_left_does_not(space: Space) -> None:
    incomplete = deposit(space, pdf_with())
    with tenant(company=space.company.pk):
        space.owner.ended_at = timezone.now()
    with pytest.raises(PermissionDenied):
        complete(space, incomplete)
    with tenant(firm=space.cabinet.firm.pk, company=space.company.pk):
        invoice = complete_deposit(space.cabinet.assigned, deposit=incomplete, values=terms())
    with tenant(firm=space.cabinet.firm.pk):
        assert FirmInvoice.objects.get().invoice_id == invoice.pk


def test_refused_file_keeps_its_reason_and_is_opened_again_by_depositing_it(space: Space) -> None:
    data = pdf_with()
    incomplete = deposit(space, data)
    with tenant(company=space.company.pk):
        with pytest.raises(CompletingError):
            refuse_deposit(space.owner, deposit=incomplete, reason=" ")
        refuse_deposit(space.owner, deposit=incomplete, reason="C'est un devis")
        refused = Deposit.objects.get()
        assert refused.state == DepositState.REFUSED
        assert refused.reason == f"Refusé par {space.owner.actor_name}\u00a0: C'est un devis"
        with pytest.raises(CompletingError):
            refuse_deposit(space.owner, deposit=incomplete, reason="Encore")
    assert actions(space) == ["deposit.received", "deposit.refused"]
    reopened = deposit(space, data)
    assert (reopened.pk, reopened.state) == (incomplete.pk, DepositState.INCOMPLETE)


@pytest.mark.django_db(transaction=True)
def test_form_posted_twice_at_once_files_one_invoice(space: Space) -> None:
    incomplete = deposit(space, pdf_with())

    def post() -> str:
        person = Browser()
        person.force_login(space.owner.person, backend="accounts.backends.CompanyBackend")
        answer: Any = person.post(address(space, incomplete), typed_in())
        return str(answer["Location"])

    ways = together(post, post)
    with tenant(company=space.company.pk):
        invoice = Invoice.objects.get()
    assert ways == [f"/entreprises/{space.company.siren}/factures/{invoice.pk}/"] * 2
