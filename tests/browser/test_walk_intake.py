"""Many files and a ZIP at once, and the addresses where invoices come by e-mail."""

import io
import zipfile

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.papers import paper
from tests.browser.people import new_siren, open_space
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser


def test_company_drops_a_zip_and_files_and_finds_its_addresses(visitors: Visitors) -> None:
    firm, cabinet, guest, company = open_space(visitors, "zoe.zip", name="Cabinet Archive")
    own = company["siren"]

    guest.go(f"/entreprises/{own}/deposer/")
    _drop(guest.page, own)
    _see_what_became_of_it(guest)
    _allow_a_sender(guest)

    firm.go(f"{cabinet.path}factures/deposer/")
    firm.look("deposer-pour")
    firm.page.locator(f"main a[href='/entreprises/{own}/deposer/']").click()
    firm.expect_heading("Déposer des factures")


def _drop(page: Page, own: str) -> None:
    """A ZIP of two invoices and a file that is none, an invoice beside it, and what a Mac leaves in folders."""
    supplier = new_siren()
    inside = [paper("cii", f"ZIP-2026-{n}", seller=supplier, buyer=own) for n in (1, 2)]
    beside = paper("ubl", "SEULE-3", seller=own, buyer=supplier)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        for each in inside:
            files.writestr(f"novembre/{each.name}", each.content)
        files.writestr("lisez-moi.txt", "Bonjour")
    page.locator("#id_file").set_input_files(
        [
            FilePayload(name="novembre.zip", mimeType="application/zip", buffer=archive.getvalue()),
            FilePayload(name=beside.name, mimeType=beside.media_type, buffer=beside.content),
            FilePayload(name=".DS_Store", mimeType="application/octet-stream", buffer=b"x"),
        ]
    )


def _see_what_became_of_it(guest: Visitor) -> None:
    page = guest.page
    expect(page.locator("[data-files]").get_by_text("Ignoré")).to_be_visible()
    lots = page.get_by_role("region", name="Archives et e-mails")
    expect(lots.get_by_text("Ouvert", exact=True)).to_be_visible(timeout=60_000)
    expect(lots.get_by_text("2 fichiers déposés, 1 laissé de côté")).to_be_visible()
    expect(lots.get_by_text("lisez-moi.txt")).to_be_visible()
    deposits = page.get_by_role("region", name="Derniers dépôts")
    expect(deposits.get_by_text("Classé")).to_have_count(3, timeout=60_000)
    guest.look("depots-zip")


def _allow_a_sender(guest: Visitor) -> None:
    page = guest.page
    page.get_by_role("link", name="Expéditeurs autorisés et explications").click()
    guest.expect_heading("Déposer par e-mail")
    expect(page.locator(".copyable")).to_have_count(2)
    page.get_by_label("Adresse e-mail de l'expéditeur").fill("factures@fournisseur.fr")
    page.get_by_role("button", name="Ajouter cet expéditeur").click()
    expect(page.locator(".jf-rows b").get_by_text("factures@fournisseur.fr")).to_be_visible()
    guest.look("adresses-email")
