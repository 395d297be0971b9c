"""A company's invoices: dropped, read, held where they are somebody else's, validated, refused; what the firm sees."""

import pytest
from playwright.sync_api import expect

from tests.browser.papers import drop, paper
from tests.browser.people import new_siren, open_space
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser


def _states(visitor: Visitor) -> dict[str, str]:
    """State of each deposit, by its file's name."""
    rows = visitor.page.get_by_role("region", name="Derniers dépôts").get_by_role("listitem").all()
    return {row.locator(".name").inner_text(): row.locator(".state").inner_text() for row in rows}


def test_company_drops_three_invoices_that_are_read_and_one_of_somebody_else_that_is_held(visitors: Visitors) -> None:
    firm, cabinet, guest, company = open_space(visitors, "denis.depot", name="Cabinet Dépôt")
    own, supplier, stranger = company["siren"], new_siren(), new_siren()
    papers = [
        paper("facturx", "FX-2026-1", seller=supplier, buyer=own),
        paper("ubl", "UBL-2026-2", seller=own, buyer=supplier),
        paper("cii", "CII-2026-3", seller=supplier, buyer=own),
    ]
    page = guest.page
    page.get_by_role("link", name="Déposer des factures").first.click()
    guest.expect_heading("Déposer des factures")
    guest.look("deposer")

    drop(page, *papers, paper("cii", "AUTRE-4", seller=supplier, buyer=stranger))

    deposits = page.get_by_role("region", name="Derniers dépôts")
    expect(deposits.get_by_text("Classé")).to_have_count(3, timeout=60_000)
    expect(deposits.get_by_text("Retenu")).to_have_count(1, timeout=30_000)
    expect(page.locator("[data-files] > li")).to_have_count(0)  # each is in the list of the latest ones, and only there
    assert _states(guest) == {one.name: "Classé" for one in papers} | {"AUTRE-4.xml": "Retenu"}
    expect(deposits.get_by_role("listitem").filter(has_text="AUTRE-4")).to_contain_text(stranger[:3])
    guest.look("deposes")
    page.reload()  # nothing of it was only on the screen
    expect(deposits.get_by_text("Retenu")).to_have_count(1)

    page.get_by_role("link", name="Factures", exact=True).click()
    guest.expect_heading("Factures 3")
    assert sorted(zip(guest.texts("td.main"), guest.texts("td:nth-child(3)"), strict=True)) == [
        ("CII-2026-3", "Achat"),
        ("FX-2026-1", "Achat"),
        ("UBL-2026-2", "Vente"),
    ]
    expect(page.get_by_text("Des fichiers attendent votre attention.")).to_be_visible()
    guest.look("entreprise-factures")
    firm.go(f"{cabinet.path}factures/")
    firm.expect_texts("td:last-child .state", ["En attente de validation"] * 3)


def test_invoice_shows_what_was_read_then_is_validated_and_waits_for_the_firm(visitors: Visitors) -> None:
    firm, cabinet, guest, company = open_space(visitors, "vera.valide", name="Cabinet Dépôt")
    supplier = new_siren()
    one = paper("cii", "CII-2026-9", seller=supplier, buyer=company["siren"])
    page = guest.page
    guest.go(f"/entreprises/{company['siren']}/deposer/")
    drop(page, one)
    page.get_by_role("region", name="Derniers dépôts").get_by_role("link", name=one.name).click(timeout=60_000)

    guest.expect_heading("Facture CII-2026-9")
    totals = one.invoice.totals
    facts = dict(zip(guest.texts("dl.facts dt"), guest.texts("dl.facts dd"), strict=True))
    assert facts["Format"] == "CII EN 16931"
    assert facts["Total TTC"] == f"{totals.with_vat:,.2f} €".replace(",", " ").replace(".", ",")
    data = page.get_by_role("region", name="Données")
    expect(data).to_contain_text("15/10/2026")
    expect(data).to_contain_text(f"Société {supplier}")
    page.get_by_role("navigation", name="Parties de la facture").get_by_role("link", name="Contrôles").click()
    guest.expect_texts(".jf-check-line .state", ["Conforme"] * 3)
    guest.look("facture")

    page.get_by_role("button", name="Valider").click()
    expect(page.locator(".note.done")).to_be_visible()
    guest.expect_texts(".jf-head .state", ["Validée", "Achat"])
    firm.go(f"{cabinet.path}factures/?etat=to_transfer")
    firm.expect_texts("td.main", ["CII-2026-9"])
    firm.look("factures-du-cabinet")
    firm.page.get_by_role("link", name="CII-2026-9").click()
    firm.expect_texts(".jf-head .state", ["À transférer", "Achat"])
    firm.look("facture-du-cabinet")
