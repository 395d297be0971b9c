"""The form that completes a file: what is typed, what is told of it, and where it leads."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.forms import ValidationError
from django.test import Client as Browser

from common.identifiers import vat_of_siren
from common.tenancy import tenant
from invoices.enums import DepositState
from invoices.forms import parse_amount
from invoices.models import Invoice
from tests.invoices.completing import PNG, address, again, complete, plain, typed_in, wrong_fields
from tests.invoices.conftest import SUPPLIER, Space, deposit
from tests.invoices.making import pdf_with


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


def test_posting_the_form_files_the_invoice(space: Space, owner: Browser) -> None:
    incomplete = deposit(space, pdf_with())
    assert owner.get(address(space, incomplete)).status_code == 200
    answer = owner.post(address(space, incomplete), typed_in(due_date="2026-12-02"))
    with tenant(company=space.company.pk):
        invoice = Invoice.objects.get()
    page = f"/entreprises/{space.company.siren}/factures/{invoice.pk}/"
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 11, 2), date(2026, 12, 2))
    assert invoice.total_without_vat == Decimal("1240.00")
    # A second press, and coming back, lead to the same invoice.
    assert owner.post(address(space, incomplete), typed_in())["Location"] == page
    assert owner.get(address(space, incomplete))["Location"] == page


def test_credit_note_in_another_currency_of_a_foreign_seller(space: Space, owner: Browser) -> None:
    incomplete = deposit(space, pdf_with())
    changes = {"type_code": "381", "other_siren": "", "other_vat": "be 0403.170.701", "currency": "USD"}
    owner.post(address(space, incomplete), typed_in(**changes))
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
def test_what_cannot_be_is_told_beside_its_field(space: Space, owner: Browser, field: str, value: str) -> None:
    incomplete = deposit(space, pdf_with())
    if value == "own":
        value = space.company.siren
    answer: Any = owner.post(address(space, incomplete), typed_in(**{field: value}))
    assert answer.status_code == 422
    assert list(wrong_fields(answer)) == [field]
    assert 'role="alert"' in plain(answer)
    assert again(space, incomplete).state == DepositState.INCOMPLETE


def test_totals_that_do_not_add_up_are_shown_and_kept_as_they_are(space: Space, owner: Browser) -> None:
    incomplete = deposit(space, pdf_with())
    answer: Any = owner.post(address(space, incomplete), typed_in(with_vat="1 488,05"))
    assert answer.status_code == 422
    assert "Le total HT et la TVA font 1 488,00 €, et non 1 488,05 € comme le total TTC." in plain(answer)
    assert wrong_fields(answer) == {}
    owner.post(address(space, incomplete), typed_in(with_vat="1 488,05", as_stated="1"))
    with tenant(company=space.company.pk):
        invoice = Invoice.objects.get()
    assert (invoice.total_with_vat, invoice.vat_gap) == (Decimal("1488.05"), Decimal("0.05"))
    shown: Any = owner.get(f"/entreprises/{space.company.siren}/factures/{invoice.pk}/")
    assert "0,05 € entre le total TTC et la somme du HT et de la TVA" in plain(shown)


def test_due_before_it_is_issued_is_a_doubt_too(space: Space, owner: Browser) -> None:
    answer: Any = owner.post(address(space, deposit(space, pdf_with())), typed_in(due_date="01/11/2026"))
    assert answer.context["form"].doubts == ["L'échéance précède la date de la facture."]


def test_duplicate_leads_to_the_first(space: Space, owner: Browser) -> None:
    first = complete(space, deposit(space, pdf_with()))
    answer: Any = owner.post(address(space, deposit(space, PNG)), typed_in())
    assert answer.status_code == 422
    assert f'<a href="/entreprises/{space.company.siren}/factures/{first.pk}/">Voir la première</a>' in plain(answer)
    assert "est déjà enregistrée pour 2026" in plain(answer)


def test_refusing_wants_a_reason_and_takes_the_file_off_the_lists(space: Space, owner: Browser) -> None:
    incomplete = deposit(space, pdf_with())
    refuse = address(space, incomplete, "refuser")
    page = f"/entreprises/{space.company.siren}/deposer/{incomplete.pk}/"
    assert owner.post(refuse, {"reason": ""})["Location"] == page
    assert owner.get(refuse).status_code == 405
    listed = f"/entreprises/{space.company.siren}/deposer/"
    assert owner.post(refuse, {"reason": "Un devis"})["Location"] == listed
    assert "Un devis" in owner.get(listed).content.decode()
    assert "Compléter" not in owner.get(f"/entreprises/{space.company.siren}/factures/").content.decode()
    assert owner.get(address(space, incomplete))["Location"] == listed
