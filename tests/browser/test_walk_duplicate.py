"""A second file of one invoice: held, compared with the first, decided; a PDF that joins its data by itself."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from invoices.formats.model import Totals
from invoices.rendering.pdf import render_pdf
from invoices.samples import as_cii_xml
from tests.browser.papers import Paper, drop, paper
from tests.browser.people import new_siren, open_space
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser
_DEARER = Totals(
    lines=Decimal(1000), without_vat=Decimal(1000), vat=Decimal(200), with_vat=Decimal(1200), amount_due=Decimal(1200)
)


def _guest(visitors: Visitors, sub: str) -> tuple[Visitor, dict[str, str]]:
    *_, guest, company = open_space(visitors, sub, name="Cabinet Double")
    guest.go(f"/entreprises/{company['siren']}/deposer/")
    return guest, company


def _row(page: Page, name: str, state: str) -> None:
    row = page.get_by_role("region", name="Derniers dépôts").get_by_role("listitem").filter(has_text=name)
    expect(row.get_by_text(state, exact=True)).to_be_visible(timeout=60_000)


def test_held_duplicate_is_compared_and_filed_all_the_same(visitors: Visitors) -> None:
    guest, company = _guest(visitors, "dora.double")
    page = guest.page
    first = paper("ubl", "DBL-2026-1", seller=new_siren(), buyer=company["siren"])
    changed = dataclasses.replace(first.invoice, totals=_DEARER, due_date=date(2026, 12, 31))
    second = Paper("DBL-2026-1-bis.xml", as_cii_xml(changed), changed)
    drop(page, first)
    _row(page, first.name, "Classé")
    drop(page, second)
    _row(page, second.name, "Retenu")
    guest.look("depots-doublon")

    page.get_by_role("link", name=second.name, exact=True).click()
    guest.expect_heading(second.name)
    guest.look("depot-retenu")
    page.get_by_role("link", name="Comparer avec la première").click()
    guest.expect_heading("Est-ce la même facture ?")
    differing = page.locator("tr.differs th").all_inner_texts()
    assert differing == ["Échéance", "Total HT", "TVA", "Total TTC", "Net à payer"]
    guest.look("comparaison")

    page.get_by_role("button", name="Ce n'est pas un doublon").click()
    dialog = page.get_by_role("dialog", name="Classer quand même")
    dialog.get_by_role("button", name="Classer quand même").click()
    page.get_by_role("link", name="Voir la facture DBL-2026-1").click(timeout=60_000)
    guest.expect_heading("Facture DBL-2026-1")


def test_pdf_joins_its_data_and_the_page_says_so(visitors: Visitors) -> None:
    guest, company = _guest(visitors, "paul.paire")
    page = guest.page
    data = paper("cii", "PAI-2026-7", seller=new_siren(), buyer=company["siren"])
    pdf = Paper("lisible.pdf", render_pdf(data.invoice, source="cii"), data.invoice)
    drop(page, pdf)
    _row(page, pdf.name, "À compléter")
    drop(page, data)
    _row(page, data.name, "Classé")
    _row(page, pdf.name, "Classé")

    guest.go(f"/entreprises/{company['siren']}/deposer/")
    page.get_by_role("link", name="Détail de lisible.pdf").click()
    guest.expect_heading(pdf.name)
    guest.look("depot-joint")
    page.get_by_role("button", name="Séparer de cette facture").click()
    page.get_by_role("dialog").get_by_role("button", name="Séparer").click()
    expect(page.get_by_role("link", name="Compléter")).to_be_visible(timeout=60_000)
    guest.look("depot-a-completer")
