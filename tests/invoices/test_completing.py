"""A PDF or a photo without data: what a person reads on it makes the invoice; or the file is refused."""

import base64
import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
import typst
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.forms import ValidationError
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from common.identifiers import vat_of_siren
from common.models import JournalEntry
from common.tenancy import tenant
from invoices.enums import DepositState, Direction, FileKind, InvoiceState
from invoices.forms import parse_amount
from invoices.models import Deposit, FirmInvoice, Invoice, InvoiceCheck, InvoiceEvent, InvoiceFile
from invoices.services.completing import CompletingError, StatedTerms, complete_deposit, refuse_deposit
from invoices.services.filing import DuplicateInvoiceError
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.invoices.making import pdf_with
from tests.together import together

#: One red point, and what a scanner of faxes writes.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
TIFF = b"II*\x00" + b"\x00" * 60


def a_pdf() -> bytes:
    return pdf_with()


def terms(**changes: Any) -> StatedTerms:
    given: dict[str, Any] = {
        "direction": Direction.PURCHASE,
        "type_code": "380",
        "number": "2026/17",
        "issue_date": date(2026, 11, 2),
        "due_date": None,
        "other_name": "Minoterie Martin",
        "other_siren": SUPPLIER,
        "other_vat": "",
        "without_vat": Decimal("1240.00"),
        "vat": Decimal("248.00"),
        "with_vat": Decimal("1488.00"),
        "currency": "EUR",
    }
    return StatedTerms(**{**given, **changes})


def complete(space: Space, incomplete: Deposit, **changes: Any) -> Invoice:
    with tenant(company=space.company.pk):
        return complete_deposit(space.owner, deposit=incomplete, values=terms(**changes))


def again(space: Space, known: Deposit) -> Deposit:
    with tenant(company=space.company.pk):
        return Deposit.objects.get(pk=known.pk)


def files_of(space: Space, invoice: Invoice) -> dict[str, InvoiceFile]:
    with tenant(company=space.company.pk):
        return {file.kind: file for file in InvoiceFile.objects.select_related("invoice").filter(invoice=invoice)}


def bytes_in(file: InvoiceFile) -> bytes:
    with default_storage.open(file.stored_as) as stored:
        return bytes(stored.read())


def actions(space: Space) -> list[str]:
    with tenant(company=space.company.pk):
        return list(JournalEntry.objects.order_by("id").values_list("action", flat=True))


# --- The service ------------------------------------------------------------------------------------------------------


def test_pdf_becomes_the_invoice_that_a_person_reads_on_it(space: Space) -> None:
    incomplete = deposit(space, a_pdf(), name="facture.pdf")
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
    data = a_pdf()
    invoice = complete(space, deposit(space, data))
    files = files_of(space, invoice)
    assert {kind: file.media_type for kind, file in files.items()} == {FileKind.ORIGINAL: "application/pdf"}
    assert bytes_in(files[FileKind.ORIGINAL]) == data
    with tenant(firm=space.cabinet.firm.pk):
        [part] = FirmInvoice.objects.all()
    assert (part.size, part.file_name) == (len(data), f"achat_20261102_2026-17_{part.pk.hex}.pdf")
    with tenant(company=space.company.pk):
        assert InvoiceCheck.objects.count() == 0


def test_timeline_and_journal_say_who_completed_it(space: Space) -> None:
    incomplete = deposit(space, a_pdf(), name="facture.pdf")
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
    invoice = complete(space, deposit(space, a_pdf()), direction=Direction.SALE)
    assert (invoice.seller_siren, invoice.buyer_siren) == (space.company.siren, SUPPLIER)


def test_photo_leaves_as_a_pdf_page_made_from_it(space: Space) -> None:
    invoice = complete(space, deposit(space, PNG, name="photo.png"))
    files = files_of(space, invoice)
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
    incomplete = deposit(space, a_pdf())
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
    incomplete = deposit(space, a_pdf())
    with pytest.raises(DuplicateInvoiceError) as told:
        complete(space, incomplete)
    assert told.value.first == first
    assert again(space, incomplete).state == DepositState.INCOMPLETE


def test_sellers_without_number_are_told_apart_by_their_names(space: Space) -> None:
    first = complete(space, deposit(space, a_pdf()), other_siren="", other_name="Acme Ltd")
    complete(space, deposit(space, PNG), other_siren="", other_name="Other Ltd")
    with pytest.raises(DuplicateInvoiceError) as told:
        complete(space, deposit(space, a_pdf() + b"\n"), other_siren="", other_name="ACME LTD")
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
    assert set(files_of(space, invoice)) == {FileKind.ORIGINAL, FileKind.OUTGOING}
    with tenant(company=space.company.pk):
        assert InvoiceCheck.objects.exists()


def test_held_deposit_is_not_to_be_completed(space: Space) -> None:
    held = deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=SUPPLIER), container="cii"))
    with pytest.raises(CompletingError, match=r"déjà «\sRetenu\s»"):
        complete(space, held)


def test_firm_completes_for_its_client_and_somebody_who_left_does_not(space: Space) -> None:
    incomplete = deposit(space, a_pdf())
    with tenant(company=space.company.pk):
        space.owner.ended_at = timezone.now()
    with pytest.raises(PermissionDenied):
        complete(space, incomplete)
    with tenant(firm=space.cabinet.firm.pk, company=space.company.pk):
        invoice = complete_deposit(space.cabinet.assigned, deposit=incomplete, values=terms())
    with tenant(firm=space.cabinet.firm.pk):
        assert FirmInvoice.objects.get().invoice_id == invoice.pk


def test_refused_file_keeps_its_reason_and_is_opened_again_by_depositing_it(space: Space) -> None:
    data = a_pdf()
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
    incomplete = deposit(space, a_pdf())

    def post() -> str:
        person = Browser()
        person.force_login(space.owner.person, backend="accounts.backends.CompanyBackend")
        answer: Any = person.post(address(space, incomplete), typed_in())
        return str(answer["Location"])

    ways = together(post, post)
    with tenant(company=space.company.pk):
        invoice = Invoice.objects.get()
    assert ways == [f"/entreprises/{space.company.siren}/factures/{invoice.pk}/"] * 2


# --- What is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1240", "1240"),
        ("1 240,00", "1240.00"),
        ("1\u202f240,00\u00a0€", "1240.00"),
        ("1.240,00", "1240.00"),
        ("1,240.00", "1240.00"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("0,123", "0.123"),
        ("−35,10", "-35.10"),
        ("0", "0"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text", ["1.240", "1,240", "12,3,4", "douze", "1 240,00,00", "", "-", "1e3", "9" * 20, "1,23456"]
)
def test_what_is_no_amount_or_two_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        parse_amount(text)


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(space: Space) -> Browser:
    browser = Browser()
    browser.force_login(space.owner.person, backend="accounts.backends.CompanyBackend")
    return browser


def address(space: Space, incomplete: Deposit, act: str = "completer") -> str:
    return f"/entreprises/{space.company.siren}/deposer/{incomplete.pk}/{act}/"


def typed_in(**changes: str) -> dict[str, str]:
    return {
        "direction": "AP",
        "type_code": "380",
        "number": "2026/17",
        "issue_date": "02/11/2026",
        "due_date": "",
        "other_name": "Minoterie Martin",
        "other_siren": SUPPLIER,
        "other_vat": "",
        "without_vat": "1 240,00",
        "vat": "248,00",
        "with_vat": "1 488,00",
        "currency": "EUR",
        **changes,
    }


def plain(response: HttpResponse) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def wrong_fields(response: HttpResponse) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = response.context["form"].errors  # type: ignore[attr-defined] # of a test's response
    return dict(errors)


def test_posting_the_form_files_the_invoice(space: Space, browser: Browser) -> None:
    incomplete = deposit(space, a_pdf())
    assert browser.get(address(space, incomplete)).status_code == 200
    answer = browser.post(address(space, incomplete), typed_in(due_date="2026-12-02"))
    with tenant(company=space.company.pk):
        invoice = Invoice.objects.get()
    page = f"/entreprises/{space.company.siren}/factures/{invoice.pk}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 11, 2), date(2026, 12, 2))
    assert invoice.total_without_vat == Decimal("1240.00")
    # A second press, and coming back, lead to the same invoice.
    assert browser.post(address(space, incomplete), typed_in())["Location"] == page
    assert browser.get(address(space, incomplete))["Location"] == page


def test_credit_note_in_another_currency_of_a_foreign_seller(space: Space, browser: Browser) -> None:
    incomplete = deposit(space, a_pdf())
    changes = {"type_code": "381", "other_siren": "", "other_vat": "be 0403.170.701", "currency": "USD"}
    browser.post(address(space, incomplete), typed_in(**changes))
    with tenant(company=space.company.pk):
        invoice = Invoice.objects.get()
    assert (invoice.type_code, invoice.seller_siren, invoice.seller_vat) == ("381", "", "BE0403170701")
    assert invoice.currency == "USD"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("direction", ""),
        ("number", " "),
        ("issue_date", "31/02/2026"),
        ("issue_date", "02/11/2206"),
        ("issue_date", "0226-11-02"),
        ("due_date", "bientôt"),
        ("other_name", ""),
        ("other_siren", "123 456 789"),
        ("other_siren", "own"),
        ("other_vat", "FR00"),
        ("other_vat", f"FR00{SUPPLIER}"),
        ("other_vat", vat_of_siren("552100554")),
        ("without_vat", "1.240"),
        ("vat", ""),
        ("with_vat", "beaucoup"),
        ("currency", "EUE"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(space: Space, browser: Browser, field: str, value: str) -> None:
    incomplete = deposit(space, a_pdf())
    if value == "own":
        value = space.company.siren
    answer: Any = browser.post(address(space, incomplete), typed_in(**{field: value}))
    assert answer.status_code == 422
    assert list(wrong_fields(answer)) == [field]
    assert 'role="alert"' in plain(answer)
    assert again(space, incomplete).state == DepositState.INCOMPLETE


def test_totals_that_do_not_add_up_are_shown_and_kept_as_they_are(space: Space, browser: Browser) -> None:
    incomplete = deposit(space, a_pdf())
    answer: Any = browser.post(address(space, incomplete), typed_in(with_vat="1 488,05"))
    assert answer.status_code == 422
    assert "Le total HT et la TVA font 1 488,00 €, et non 1 488,05 € comme le total TTC." in plain(answer)
    assert wrong_fields(answer) == {}
    browser.post(address(space, incomplete), typed_in(with_vat="1 488,05", as_stated="1"))
    with tenant(company=space.company.pk):
        invoice = Invoice.objects.get()
    assert (invoice.total_with_vat, invoice.vat_gap) == (Decimal("1488.05"), Decimal("0.05"))
    shown: Any = browser.get(f"/entreprises/{space.company.siren}/factures/{invoice.pk}/")
    assert "0,05 € entre le total TTC et la somme du HT et de la TVA" in plain(shown)


def test_due_before_it_is_issued_is_a_doubt_too(space: Space, browser: Browser) -> None:
    answer: Any = browser.post(address(space, deposit(space, a_pdf())), typed_in(due_date="01/11/2026"))
    assert answer.context["form"].doubts == ["L'échéance précède la date de la facture."]


def test_duplicate_leads_to_the_first(space: Space, browser: Browser) -> None:
    first = complete(space, deposit(space, a_pdf()))
    answer: Any = browser.post(address(space, deposit(space, PNG)), typed_in())
    assert answer.status_code == 422
    assert f'<a href="/entreprises/{space.company.siren}/factures/{first.pk}/">Voir la première</a>' in plain(answer)
    assert "est déjà enregistrée pour 2026" in plain(answer)


def test_data_of_the_file_are_proposed(space: Space, browser: Browser) -> None:
    came = typed(seller=SUPPLIER, buyer=space.company.siren, number="SANS-NUMERO")
    incomplete = deposit(space, bytes_of(came, container="ubl").replace(b"SANS-NUMERO", b""), name="f.xml")
    answer: Any = browser.get(address(space, incomplete))
    form = answer.context["form"]
    assert (form["number"].value(), form["issue_date"].value()) == (None, date(2026, 11, 2))
    assert (form["other_name"].value(), form["other_siren"].value()) == ("Vendeur SARL", SUPPLIER)
    assert (form["with_vat"].value(), form["direction"].field.disabled) == ("1200,00", True)


PAGE = """#set page(width: 150mm, height: 120mm, margin: 9mm)
Papeterie Centrale SARL \\
SIREN : {siren} - R.C.S. Lyon \\
Facture n° PC-2026/88 \\
Date de facture : 2 novembre 2026 \\
Échéance : 02/12/2026 \\
#grid(columns: (1fr, 1fr), row-gutter: 3mm, [Total HT], align(right)[1 240,00 €], [TVA 20 %], align(right)[248,00 €],
[Total TTC], align(right)[{total} €])"""


def a_page(*, total: str = "1 488,00") -> bytes:
    made = typst.compile(PAGE.format(siren=SUPPLIER, total=total).encode())
    assert isinstance(made, bytes)
    return made


def test_text_of_the_file_is_proposed_with_where_it_was_read(space: Space, browser: Browser) -> None:
    complete(space, deposit(space, PNG), other_name="Papeterie Centrale")
    incomplete = deposit(space, a_page())
    answer: Any = browser.get(address(space, incomplete))
    form = answer.context["form"]
    assert incomplete.state == DepositState.INCOMPLETE
    assert {name: form[name].value() for name in ("number", "other_name", "other_siren", "other_vat")} == {
        "number": "PC-2026/88",
        "other_name": "Papeterie Centrale",
        "other_siren": SUPPLIER,
        "other_vat": None,
    }
    assert (form["issue_date"].value(), form["due_date"].value()) == (date(2026, 11, 2), date(2026, 12, 2))
    assert [form[name].value() for name in ("without_vat", "vat", "with_vat")] == ["1240,00", "248,00", "1488,00"]
    assert "Lu page 1 : « Facture n° PC-2026/88 »" in plain(answer)
    # Which side the company is on is a person's to say.
    assert (form["direction"].value(), form["direction"].field.disabled) == (None, False)


def test_totals_that_do_not_add_up_are_not_proposed(space: Space, browser: Browser) -> None:
    answer: Any = browser.get(address(space, deposit(space, a_page(total="1 489,00"))))
    form = answer.context["form"]
    assert [form[name].value() for name in ("without_vat", "vat", "with_vat")] == [None, None, None]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (SUPPLIER, "Minoterie Martin, d'après vos factures."),
        (f"{SUPPLIER}00012"[:11], "SIRET invalide"),
        (SUPPLIER[:5], ""),
        (vat_of_siren(SUPPLIER)[4:7], ""),
    ],
)
def test_party_is_looked_up_by_its_number(space: Space, browser: Browser, number: str, said: str) -> None:
    complete(space, deposit(space, a_pdf()))
    found: Any = browser.get(f"/entreprises/{space.company.siren}/deposer/tiers/", {"other_siren": number})
    assert said in plain(found)


def test_unknown_party_is_looked_up_in_the_directory(space: Space, browser: Browser) -> None:
    """No directory answers here: the page says so, and the form goes on without it."""
    found: Any = browser.get(f"/entreprises/{space.company.siren}/deposer/tiers/", {"other_siren": SUPPLIER})
    assert "écrivez le nom à la main" in plain(found)


def test_image_that_cannot_leave_is_told_before_anything_is_typed(space: Space, browser: Browser) -> None:
    page = plain(browser.get(address(space, deposit(space, TIFF, name="fax.tif"))))  # type: ignore[arg-type] # as above
    assert "Cette image TIFF ne peut pas être mise en PDF." in page
    assert "Classer la facture" not in page
    assert browser.get(address(space, deposit(space, TIFF), "apercu")).status_code == 404


@pytest.mark.parametrize(("data", "media_type"), [(pdf_with(), "application/pdf"), (PNG, "image/png")])
def test_preview_opens_within_our_page_only_and_can_do_nothing(
    space: Space, browser: Browser, data: bytes, media_type: str
) -> None:
    answer: Any = browser.get(address(space, deposit(space, data), "apercu"))
    assert answer.getvalue() == data
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (media_type, "nosniff")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    policy = answer["Content-Security-Policy"].split("; ")
    assert policy == ["default-src 'none'", "style-src 'unsafe-inline'", "sandbox", "frame-ancestors 'self'"]
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Cache-Control"] == "no-store, private"


def test_other_files_still_go_into_no_frame(space: Space, browser: Browser) -> None:
    answer: Any = browser.get(address(space, deposit(space, a_pdf()), "original"))
    answer.getvalue()
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    page = browser.get(address(space, deposit(space, a_pdf())))
    assert (page["X-Frame-Options"], "frame-ancestors 'none'" in page["Content-Security-Policy"]) == ("DENY", True)


def test_lists_lead_to_the_form(space: Space, browser: Browser) -> None:
    incomplete = deposit(space, a_pdf())
    for page in ("deposer/", "factures/"):
        answer = browser.get(f"/entreprises/{space.company.siren}/{page}").content.decode()
        assert re.findall(r'href="([^"]+)"[^>]*>Compléter', answer) == [address(space, incomplete)]


def test_refusing_wants_a_reason_and_takes_the_file_off_the_lists(space: Space, browser: Browser) -> None:
    incomplete = deposit(space, a_pdf())
    refuse = address(space, incomplete, "refuser")
    page = f"/entreprises/{space.company.siren}/deposer/{incomplete.pk}/"
    assert browser.post(refuse, {"reason": ""})["Location"] == page
    assert browser.get(refuse).status_code == 405
    listed = f"/entreprises/{space.company.siren}/deposer/"
    assert browser.post(refuse, {"reason": "Un devis"})["Location"] == listed
    assert "Un devis" in browser.get(listed).content.decode()
    assert "Compléter" not in browser.get(f"/entreprises/{space.company.siren}/factures/").content.decode()
    assert browser.get(address(space, incomplete))["Location"] == listed
