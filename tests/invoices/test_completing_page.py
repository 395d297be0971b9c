"""The page that completes a file: what it proposes, how it shows the file, and how people come there."""

import re
from datetime import date
from typing import Any

import pytest
import typst
from django.test import Client as Browser

from common.identifiers import vat_of_siren
from invoices.enums import DepositState
from tests.invoices.completing import PNG, TIFF, address, complete, plain
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.invoices.making import pdf_with


def test_data_of_the_file_are_proposed(space: Space, owner: Browser) -> None:
    came = typed(seller=SUPPLIER, buyer=space.company.siren, number="SANS-NUMERO")
    incomplete = deposit(space, bytes_of(came, container="ubl").replace(b"SANS-NUMERO", b""), name="f.xml")
    answer: Any = owner.get(address(space, incomplete))
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


def test_text_of_the_file_is_proposed_with_where_it_was_read(space: Space, owner: Browser) -> None:
    complete(space, deposit(space, PNG), other_name="Papeterie Centrale")
    incomplete = deposit(space, a_page())
    answer: Any = owner.get(address(space, incomplete))
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


def test_totals_that_do_not_add_up_are_not_proposed(space: Space, owner: Browser) -> None:
    answer: Any = owner.get(address(space, deposit(space, a_page(total="1 489,00"))))
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
def test_party_is_looked_up_by_its_number(space: Space, owner: Browser, number: str, said: str) -> None:
    complete(space, deposit(space, pdf_with()))
    found: Any = owner.get(f"/entreprises/{space.company.siren}/deposer/tiers/", {"other_siren": number})
    assert said in plain(found)


def test_unknown_party_is_looked_up_in_the_directory(space: Space, owner: Browser) -> None:
    """No directory answers here: the page says so, and the form goes on without it."""
    found: Any = owner.get(f"/entreprises/{space.company.siren}/deposer/tiers/", {"other_siren": SUPPLIER})
    assert "écrivez le nom à la main" in plain(found)


def test_image_that_cannot_leave_is_told_before_anything_is_typed(space: Space, owner: Browser) -> None:
    answer: Any = owner.get(address(space, deposit(space, TIFF, name="fax.tif")))
    page = plain(answer)
    assert "Cette image TIFF ne peut pas être mise en PDF." in page
    assert "Classer la facture" not in page
    assert owner.get(address(space, deposit(space, TIFF), "apercu")).status_code == 404


@pytest.mark.parametrize(("data", "media_type"), [(pdf_with(), "application/pdf"), (PNG, "image/png")])
def test_preview_opens_within_our_page_only_and_can_do_nothing(
    space: Space, owner: Browser, data: bytes, media_type: str
) -> None:
    answer: Any = owner.get(address(space, deposit(space, data), "apercu"))
    assert answer.getvalue() == data
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (media_type, "nosniff")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    policy = answer["Content-Security-Policy"].split("; ")
    assert policy == ["default-src 'none'", "style-src 'unsafe-inline'", "sandbox", "frame-ancestors 'self'"]
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Cache-Control"] == "no-store, private"


def test_other_files_still_go_into_no_frame(space: Space, owner: Browser) -> None:
    answer: Any = owner.get(address(space, deposit(space, pdf_with()), "original"))
    answer.getvalue()
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    page = owner.get(address(space, deposit(space, pdf_with())))
    assert (page["X-Frame-Options"], "frame-ancestors 'none'" in page["Content-Security-Policy"]) == ("DENY", True)


def test_lists_lead_to_the_form(space: Space, owner: Browser) -> None:
    incomplete = deposit(space, pdf_with())
    for page in ("deposer/", "factures/"):
        answer = owner.get(f"/entreprises/{space.company.siren}/{page}").content.decode()
        assert re.findall(r'href="([^"]+)"[^>]*>Compléter', answer) == [address(space, incomplete)]
