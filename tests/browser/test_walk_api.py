"""The firm's API key, shown after ComptExpert has asked again, and what partner software does with it."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
import requests
from facturx import get_facturx_xml_from_pdf
from playwright.sync_api import expect

from tests.browser.papers import Paper, drop, paper
from tests.browser.people import Cabinet, new_siren, open_space
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser


def _shown_key(visitor: Visitor, sub: str) -> str:
    """The key, from the profile at the top right."""
    page = visitor.page
    page.locator(".jf-avatar").click()
    page.get_by_role("link", name="Profil du cabinet").click()
    visitor.expect_heading("Profil du cabinet")
    visitor.look("profil")
    page.get_by_role("button", name="Afficher").click()
    page.locator(f'button[value="{sub}"]').click()
    page.wait_for_url("**/profil/")
    visitor.look("profil-cle")
    return page.get_by_label("Clé API « Clé du cabinet »", exact=True).input_value()


def _software(visitor: Visitor, cabinet: Cabinet) -> str:
    """The identifier that « Partenaires » gives for EBP."""
    visitor.go(f"{cabinet.path}partenaires/")
    visitor.look("partenaires")
    row = visitor.page.get_by_role("row", name="EBP")
    return row.locator(".copyable").inner_text()


def _validated(guest: Visitor, company: dict[str, str], *papers: Paper) -> None:
    page = guest.page
    guest.go(f"/entreprises/{company['siren']}/deposer/")
    drop(page, *papers)
    expect(page.get_by_text("Classé")).to_have_count(len(papers), timeout=60_000)
    for one in papers:
        guest.go(f"/entreprises/{company['siren']}/factures/")
        page.get_by_role("link", name=one.invoice.number or "").click()
        page.get_by_role("button", name="Valider").click()
        expect(page.locator(".note.done")).to_be_visible()


def test_partner_software_pulls_validated_invoices_with_the_key_of_the_profile(visitors: Visitors) -> None:
    firm, cabinet, guest, company = open_space(visitors, "paula.api", name="Cabinet API")
    supplier = new_siren()
    cii = paper("cii", "CII-1", seller=supplier, buyer=company["siren"])
    ubl = paper("ubl", "UBL-1", seller=supplier, buyer=company["siren"])
    _validated(guest, company, cii, ubl)
    headers = {"X-API-KEY": _shown_key(firm, "paula.api"), "X-SOFTWARE-ID": _software(firm, cabinet)}

    def call(path: str, **more: str) -> Any:
        address = path if path.startswith("http") else f"{firm.stack.url}/comapi/v1/{path}"
        return requests.get(address, headers={**headers, **more}, timeout=20, allow_redirects=False)

    assert call("enterprise", **{"X-API-KEY": "jf_fausse"}).status_code == 401
    assert sorted((one["name"], one["siren"]) for one in call("enterprise").json()) == [
        ("Cabinet API", cabinet.siren),
        (company["name"], company["siren"]),
    ]
    assert call(f"invoice/{new_siren()}/AP/Transfer").status_code == 404
    listed = {one["name"].split("_")[2]: one for one in call(f"invoice/{company['siren']}/AP/Transfer").json()}
    assert sorted(listed) == ["CII-1", "UBL-1"]

    files = {number: call(one["downloadurl"]).content for number, one in listed.items()}
    assert {number: len(content) for number, content in files.items()} == {n: one["size"] for n, one in listed.items()}
    assert get_facturx_xml_from_pdf(files["CII-1"])[1] == cii.content
    with pikepdf.open(BytesIO(files["UBL-1"])) as pdf:
        assert pdf.attachments["facture-ubl.xml"].get_file().read_bytes() == ubl.content

    firm.stack.wait("the move", lambda: not call(f"invoice/{company['siren']}/AP/Transfer").json(), seconds=10)
    assert len(call(f"invoice/{company['siren']}/AP/Archived").json()) == 2
    firm.go(f"{cabinet.path}factures/")
    firm.expect_texts("td:last-child .state", ["Transférée", "Transférée"])
