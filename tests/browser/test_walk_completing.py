"""A PDF without data and a photo: shown beside a short form, filed from what a person reads there, or refused."""

from datetime import date

import pytest
import typst
from playwright.sync_api import Page, expect

from invoices.rendering.pdf import render_pdf
from tests.browser.papers import paper
from tests.browser.people import new_siren, open_space
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser

_TICKET = b"#set page(width: 80mm, height: 110mm, margin: 8mm)\n= Papeterie Centrale\nTicket 2026-88\n\nTotal TTC 12,00"


def _guest(visitors: Visitors, sub: str) -> tuple[Visitor, dict[str, str]]:
    *_, guest, company = open_space(visitors, sub, name="Cabinet Papier")
    guest.go(f"/entreprises/{company['siren']}/deposer/")
    return guest, company


def _deposit(page: Page, *, name: str, media_type: str, content: bytes) -> None:
    """Chosen in the file dialog; then to the form by the button of its row."""
    chosen = page.locator("[data-drop] input[type=file]")
    chosen.set_input_files({"name": name, "mimeType": media_type, "buffer": content})
    row = page.get_by_role("region", name="Derniers dépôts").get_by_role("listitem").filter(has_text=name)
    expect(row.get_by_text("À compléter")).to_be_visible(timeout=60_000)


def test_plain_pdf_is_shown_beside_the_form_and_filed_from_it(visitors: Visitors) -> None:
    guest, company = _guest(visitors, "paule.papier")
    page, supplier = guest.page, new_siren()
    known = paper("cii", "PDF-2026-5", seller=supplier, buyer=company["siren"]).invoice
    _deposit(page, name="scan.pdf", media_type="application/pdf", content=render_pdf(known, source="cii"))
    guest.look("a-completer")
    page.get_by_role("link", name="Factures", exact=True).click()
    guest.look("entreprise-factures-a-completer")
    page.get_by_role("link", name="Compléter scan.pdf").click()

    guest.expect_heading("Compléter une facture")
    # The browser's own viewer runs, although what it shows may do nothing.
    page.wait_for_timeout(1500)
    assert [frame.url for frame in page.frames if "apercu" in frame.url] != []
    # What the page of the file says is proposed, with where it was read; who that is, the directory says.
    expect(page.get_by_label("Numéro")).to_have_value("PDF-2026-5")
    expect(page.get_by_label("SIREN ou SIRET")).to_have_value(supplier)
    expect(page.locator("#tiers")).to_contain_text("annuaire des entreprises")
    guest.look("completer")
    page.get_by_role("button", name="Classer la facture").click()
    expect(page.get_by_role("alert")).to_contain_text("À corriger avant de continuer")
    guest.look("completer-erreurs")

    _fill(page, supplier)
    page.get_by_role("button", name="Classer la facture").click()
    expect(page.get_by_role("alert")).to_contain_text("À vérifier avant de classer.")
    guest.look("completer-a-verifier")
    page.get_by_role("button", name="Classer telle quelle").click()

    _see_the_invoice(guest)


def _fill(page: Page, supplier: str) -> None:
    """With a total that is not the sum of the others."""
    page.get_by_label("Achat").check()
    page.get_by_label("Numéro").fill("PDF-2026-5")
    page.get_by_label("Date").fill(date(2026, 10, 15).isoformat())
    page.get_by_label("Fournisseur ou client").fill("Société de papier")
    page.get_by_label("SIREN ou SIRET").fill(supplier)
    page.get_by_label("Total HT").fill("1 240,00")
    page.get_by_label("TVA", exact=True).fill("248")
    page.get_by_label("Total TTC").fill("1.488,50")


def _see_the_invoice(guest: Visitor) -> None:
    page = guest.page
    guest.expect_heading("Facture PDF-2026-5")
    guest.expect_texts(".jf-head .state", ["À valider", "Achat"])
    page.get_by_role("link", name="Chronologie").click()
    page.get_by_role("navigation", name="Parties de la facture").get_by_role("link", name="Chronologie").click()
    expect(page.get_by_role("region", name="Chronologie")).to_contain_text("Complétée par")
    guest.look("facture-completee")


def test_photo_is_shown_and_a_file_that_is_no_invoice_refused(visitors: Visitors) -> None:
    guest, company = _guest(visitors, "remi.photo")
    page = guest.page
    picture = typst.compile(_TICKET, format="png", ppi=200)
    assert isinstance(picture, bytes)
    _deposit(page, name="ticket.png", media_type="image/png", content=picture)
    page.get_by_role("link", name="Compléter ticket.png").click()
    expect(page.get_by_role("img", name="Contenu de ticket.png")).to_be_visible()
    guest.look("completer-photo")

    page.get_by_role("button", name="Refuser ce fichier").click()
    guest.look("refuser-un-fichier", whole=False)
    dialog = page.get_by_role("dialog", name="Refuser ce fichier")
    dialog.get_by_label("Motif du refus").fill("Ticket déjà saisi.")
    dialog.get_by_role("button", name="Refuser le fichier").click()

    row = page.get_by_role("region", name="Derniers dépôts").get_by_role("listitem").filter(has_text="ticket.png")
    expect(row).to_contain_text("Refusé")
    expect(row).to_contain_text("Ticket déjà saisi.")
    guest.go(f"/entreprises/{company['siren']}/factures/")
    expect(page.get_by_text("Des fichiers attendent votre attention.")).to_have_count(0)
