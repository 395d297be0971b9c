"""An invoice's page: its parts, its keys, a comment, refused for a reason of the list and taken back."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.papers import paper
from tests.browser.people import new_siren, open_space
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser


def test_invoice_is_read_by_keys_commented_refused_and_taken_back(visitors: Visitors) -> None:
    *_, guest, company = open_space(visitors, "fanny.facture", name="Cabinet Facture")
    _deposit_two(guest, company["siren"])

    guest.go(f"/entreprises/{company['siren']}/factures/")
    _read_by_keys(guest)
    _see_each_part(guest)
    _comment(guest.page)
    _refuse_and_take_back(guest)
    guest.page.keyboard.press("v")
    guest.page.get_by_role("dialog", name="Valider cette facture").get_by_role("button", name="Confirmer").click()
    guest.expect_texts(".jf-head .state", ["Validée", "Achat"])
    guest.look("facture-validee")
    guest.go(f"/entreprises/{company['siren']}/parametres/validation/")
    guest.look("validation-automatique")


def _deposit_two(guest: Visitor, own: str) -> None:
    supplier, page = new_siren(), guest.page
    guest.go(f"/entreprises/{own}/deposer/")
    papers = [paper(kind, f"K-{kind}", seller=supplier, buyer=own) for kind in ("cii", "ubl")]
    chosen = page.locator("[data-drop] input[type=file]")
    chosen.set_input_files([FilePayload(name=p.name, mimeType=p.media_type, buffer=p.content) for p in papers])
    expect(page.get_by_role("region", name="Derniers dépôts").get_by_text("Classé")).to_have_count(2, timeout=60_000)


def _read_by_keys(guest: Visitor) -> None:
    """The first of the list is opened, the next one seen, and the first again."""
    page = guest.page
    page.locator("tbody a.name").first.click()
    first = guest.heading
    page.wait_for_timeout(1000)
    assert [frame.url for frame in page.frames if "apercu" in frame.url] != []
    guest.look("facture-donnees")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Facture suivante")).to_have_count(0)
    assert guest.heading != first
    page.keyboard.press("ArrowLeft")
    guest.expect_heading(first)
    page.keyboard.press("?")
    guest.look("facture-touches", whole=False)
    page.keyboard.press("Escape")


def _see_each_part(guest: Visitor) -> None:
    page = guest.page
    tabs = page.get_by_role("navigation", name="Parties de la facture")
    for name in ("Contrôles", "Fichiers", "Chronologie"):
        tabs.get_by_role("link", name=name).click()
        expect(page.get_by_role("region", name=name)).to_be_visible()
        guest.look(f"facture-{name.lower().replace('ô', 'o')}")
    page.reload()
    expect(page.get_by_role("region", name="Chronologie")).to_contain_text("202 Reçue")


def _comment(page: Page) -> None:
    page.get_by_label("Votre commentaire").fill("Prix à vérifier, j v k\n<b>avec Paul</b>")
    page.get_by_role("button", name="Commenter").click()
    expect(page.get_by_role("region", name="Commentaires")).to_contain_text("<b>avec Paul</b>")


def _refuse_and_take_back(guest: Visitor) -> None:
    page = guest.page
    page.get_by_role("button", name="Refuser").click()
    dialog = page.get_by_role("dialog", name="Refuser cette facture")
    dialog.get_by_label("Motif du refus").select_option("TX_TVA_ERR")
    dialog.get_by_label("Précisions").fill("10 % au lieu de 20 %")
    guest.look("facture-refuser", whole=False)
    dialog.get_by_role("button", name="Refuser la facture").click()
    guest.expect_texts(".jf-head .state", ["Refusée", "Achat"])
    expect(page.get_by_role("region", name="Chronologie")).to_contain_text("210 Refusée")
    page.get_by_role("button", name="Annuler la décision").click()
    guest.expect_texts(".jf-head .state", ["À valider", "Achat"])
