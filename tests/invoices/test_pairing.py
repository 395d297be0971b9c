"""A PDF and the structured file of one invoice are one invoice, whichever comes first, by themselves or by hand."""

import dataclasses
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
import typst
from django.test import Client as Browser
from django.utils import timezone

from common.tenancy import tenant
from invoices.enums import DepositState, Pairing
from invoices.likeness import Found, Stated, likeness, says_amount, says_number
from invoices.models import Deposit, FirmInvoice, Invoice, InvoiceEvent
from invoices.services.processing import process
from invoices.services.receiving import receive
from tests.browsing import text_of
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.invoices.making import pdf_with
from tests.together import together


def printed(*lines: str) -> bytes:
    """A PDF without data that says these lines."""
    return bytes(typst.compile("\n\n".join(f'#"{line}"' for line in lines).encode()))


def page_of(number: str = "F-2026-001", total: str = "1 200,00") -> bytes:
    return printed("Vendeur SARL", f"Facture n° {number} du 02/11/2026", f"Total TTC {total} EUR")


def xml_of(space: Space, *, number: str = "F-2026-001", container: str = "cii") -> bytes:
    return bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren, number=number), container=container)


def taken(space: Space, data: bytes, *, name: str, batch: UUID | None = None) -> UUID:
    with tenant(company=space.company.pk):
        known, _new = receive(
            space.owner, company=space.company, client=None, file_name=name, size=len(data), chunks=(data,)
        )
        Deposit.objects.filter(pk=known.pk).update(batch=batch)
    return known.pk


def outcome(space: Space) -> list[tuple[str, str, str, str]]:
    """(file, state, pairing, invoice's number) of each deposit, by file name; and one invoice at most per number."""
    with tenant(company=space.company.pk):
        rows = Deposit.objects.select_related("invoice").order_by("file_name")
        return [(row.file_name, row.state, row.pairing, row.invoice.number if row.invoice else "") for row in rows]


def invoices(space: Space) -> int:
    with tenant(company=space.company.pk):
        return Invoice.objects.count()


ONE = [("a.pdf", DepositState.FILED, Pairing.READABLE, "F-2026-001"), ("b.xml", DepositState.FILED, "", "F-2026-001")]


@pytest.mark.parametrize("first", ["pdf", "xml"])
def test_pdf_that_says_number_and_total_joins_its_xml_whichever_comes_first(space: Space, first: str) -> None:
    files = [("a.pdf", page_of()), ("b.xml", xml_of(space))]
    for name, data in files if first == "pdf" else reversed(files):
        deposit(space, data, name=name)
    assert (outcome(space), invoices(space)) == (ONE, 1)
    with tenant(company=space.company.pk):
        assert [event.text for event in InvoiceEvent.objects.filter(kind="file_joined")] == [
            "PDF lisible de la facture : a.pdf"
        ]


@pytest.mark.parametrize("first", ["pdf", "xml"])
def test_scan_of_the_same_name_joins_its_xml(space: Space, first: str) -> None:
    files = [("F-2026-001.pdf", pdf_with()), ("F-2026-001.xml", xml_of(space))]
    for name, data in files if first == "pdf" else reversed(files):
        deposit(space, data, name=name)
    assert [(pairing, number) for _, _, pairing, number in outcome(space)] == [
        (Pairing.READABLE, "F-2026-001"),
        ("", "F-2026-001"),
    ]
    assert invoices(space) == 1


def test_what_arrived_together_needs_one_sign_only(space: Space) -> None:
    batch = uuid4()
    for name, data in (("a.pdf", page_of(total="autre")), ("b.xml", xml_of(space))):
        process(taken(space, data, name=name, batch=batch))
    assert outcome(space) == ONE


@pytest.mark.parametrize(
    "pdf",
    [
        page_of(number="F-2026-0011"),
        page_of(total="999,00"),
        printed("Conditions générales de vente"),
        pdf_with(),
    ],
    ids=["another number", "another total", "another text", "a scan of any name"],
)
def test_pdf_that_says_something_else_waits_for_a_person(space: Space, pdf: bytes) -> None:
    deposit(space, xml_of(space), name="facture.xml")
    waiting = deposit(space, pdf, name="facture.pdf")
    assert (waiting.state, waiting.invoice, invoices(space)) == (DepositState.INCOMPLETE, None, 1)


def test_pdf_that_shows_two_invoices_is_of_neither(space: Space) -> None:
    for number in ("F-2026-001", "F-2026-002"):
        deposit(space, xml_of(space, number=number), name=f"{number}.xml")
    both = deposit(space, printed("F-2026-001 : 1 200,00", "F-2026-002 : 1 200,00"), name="releve.pdf")
    assert both.state == DepositState.INCOMPLETE


def test_pdf_of_an_older_invoice_waits_for_a_person(space: Space) -> None:
    old = deposit(space, xml_of(space), name="b.xml")
    with tenant(company=space.company.pk):
        Deposit.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert deposit(space, page_of(), name="a.pdf").state == DepositState.INCOMPLETE


def test_second_pdf_of_one_invoice_is_not_its_page_too(space: Space) -> None:
    deposit(space, xml_of(space), name="b.xml")
    deposit(space, page_of(), name="a.pdf")
    other = deposit(space, printed("Facture F-2026-001", "1.200,00 EUR"), name="c.pdf")
    assert (other.state, invoices(space)) == (DepositState.INCOMPLETE, 1)


def test_pdf_that_joined_is_a_file_of_the_invoice_for_company_and_firm(
    space: Space, owner: Browser, administrator: Browser
) -> None:
    pdf = page_of()
    filed = deposit(space, xml_of(space), name="b.xml")
    deposit(space, pdf, name="a.pdf")
    assert filed.invoice is not None
    with tenant(firm=space.cabinet.firm.pk):
        part = FirmInvoice.objects.get()
    pages = (
        (owner, f"/entreprises/{space.company.siren}/factures/{filed.invoice.pk}/"),
        (administrator, f"/cabinets/{space.cabinet.firm.siret}/factures/{part.pk}/"),
    )
    for browser, place in pages:
        assert "a.pdf PDF reçu de l'émetteur" in text_of(browser.get(f"{place}?onglet=fichiers"))
        answer: Any = browser.get(f"{place}fichiers/readable/")
        assert (answer["Content-Type"], b"".join(answer.streaming_content)) == ("application/pdf", pdf)


# --- A second container of the same data ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "pairing"),
    [
        ("cii", "facturx", Pairing.READABLE),
        ("ubl", "facturx", Pairing.READABLE),
        ("facturx", "cii", Pairing.COPY),
        ("facturx", "ubl", Pairing.COPY),
    ],
)
def test_same_data_in_the_other_kind_of_container_are_one_invoice(
    space: Space, first: str, second: str, pairing: str
) -> None:
    deposit(space, xml_of(space, container=first), name="a")
    joined = deposit(space, xml_of(space, container=second), name="b")
    assert (joined.state, joined.pairing, invoices(space)) == (DepositState.FILED, pairing, 1)
    with tenant(firm=space.cabinet.firm.pk):
        assert FirmInvoice.objects.count() == 1


def test_factur_x_that_says_something_else_is_a_duplicate(space: Space) -> None:
    deposit(space, xml_of(space), name="a")
    other = dataclasses.replace(typed(seller=SUPPLIER, buyer=space.company.siren), buyer_reference="AUTRE")
    held = deposit(space, bytes_of(other), name="b")
    assert (held.state, held.reason_code) == (DepositState.HELD, "duplicate")


# --- By hand ----------------------------------------------------------------------------------------------------------


def address(space: Space, known: Deposit, rest: str = "") -> str:
    return f"/entreprises/{space.company.siren}/deposer/{known.pk}/{rest}"


def test_person_joins_and_separates_by_hand_and_it_stays_so(space: Space, owner: Browser) -> None:
    filed = deposit(space, xml_of(space), name="b.xml")
    waiting = deposit(space, pdf_with(), name="scan.pdf")
    assert filed.invoice is not None
    assert "Joindre à F-2026-001" in text_of(owner.get(address(space, waiting)))

    owner.post(address(space, waiting, "facture/"), {"invoice": str(filed.invoice.pk)})
    assert outcome(space)[1] == ("scan.pdf", DepositState.FILED, Pairing.READABLE, "F-2026-001")
    assert "Séparer de cette facture" in text_of(owner.get(address(space, waiting)))
    shown = text_of(owner.get(f"/entreprises/{space.company.siren}/factures/{filed.invoice.pk}/?onglet=chronologie"))
    assert "scan.pdf" in shown

    owner.post(address(space, waiting, "separer/"))
    process(waiting.pk)
    assert outcome(space)[1] == ("scan.pdf", DepositState.INCOMPLETE, Pairing.APART, "")


def test_pdf_that_a_person_separated_is_not_joined_again_by_itself(space: Space, owner: Browser) -> None:
    deposit(space, xml_of(space), name="b.xml")
    joined = deposit(space, page_of(), name="a.pdf")
    owner.post(address(space, joined, "separer/"))
    process(joined.pk)
    assert outcome(space)[0] == ("a.pdf", DepositState.INCOMPLETE, Pairing.APART, "")


def test_nothing_is_separated_from_the_invoice_that_it_made(space: Space, owner: Browser) -> None:
    filed = deposit(space, xml_of(space), name="b.xml")
    answer = owner.post(address(space, filed, "separer/"), follow=True)
    assert "n'est pas joint à une facture" in text_of(answer)


# --- At the same moment -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_pdf_and_xml_read_by_two_workers_at_once_are_one_invoice(space: Space) -> None:
    pks = [taken(space, data, name=name) for name, data in (("a.pdf", page_of()), ("b.xml", xml_of(space)))]
    assert together(*(partial(process, pk) for pk in pks)) == [None, None]
    assert (outcome(space), invoices(space)) == (ONE, 1)


@pytest.mark.django_db(transaction=True)
def test_factur_x_and_xml_read_at_once_are_one_invoice(space: Space) -> None:
    pks = [taken(space, xml_of(space, container=kind), name=kind) for kind in ("cii", "facturx", "ubl")]
    assert together(*(partial(process, pk) for pk in pks)) == [None] * 3
    assert invoices(space) == 1


# --- The signs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Total 1 200,00 €", True),
        ("Total 1\u202f200,00", True),
        ("Total 1.200,00", True),
        ("Total 1,200.00", True),
        ("Total 1200.00", True),
        ("Total 11 200,00", False),
        ("Total 1 200,005", False),
        ("Total 200,00", False),
        ("", False),
    ],
)
def test_amount_is_found_however_it_is_written(text: str, said: bool) -> None:  # noqa: FBT001 - a column of the table
    assert says_amount(text, Decimal("1200.00")) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [("n° F-1/26.", True), ("f-1/26", True), ("F-1/261", False), ("XF-1/26", False), ("F 1/26", False)],
)
def test_number_is_found_as_a_word_of_its_own(text: str, said: bool) -> None:  # noqa: FBT001 - as above
    assert says_number(text, "F-1/26") is said


@pytest.mark.parametrize(
    ("pdf", "text", "same_batch", "enough"),
    [
        ("b-12.pdf", "", False, True),
        ("facture.pdf", "", False, False),
        ("b-12.pdf", "sans rapport", False, False),
        ("x.pdf", "n° 2026-12", False, False),
        ("x.pdf", "n° 2026-12", True, True),
        ("b-12.pdf", "n° 2026-12", False, True),
        ("x.pdf", "12,00 et 2026-12", False, True),
    ],
)
def test_two_signs_or_one_together_are_enough(pdf: str, text: str, same_batch: bool, enough: bool) -> None:  # noqa: FBT001 - as above
    batch = uuid4() if same_batch else None
    name = "facture.xml" if pdf == "facture.pdf" else "b-12.xml"
    assert bool(likeness(Found(pdf, batch), text, Found(name, batch), Stated("2026-12", Decimal(12)))) is enough
