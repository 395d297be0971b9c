"""The company directory: a new client filled from a number or a name, and a firm's files completed."""

import pytest
import requests
from playwright.sync_api import Route, expect

from tests.browser.people import open_firm
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser


def _expect_fields(visitor: Visitor, **values: str) -> None:
    labels = {"number": "SIREN ou SIRET", "name": "Raison sociale", "street": "Adresse", "city": "Ville", "vat": "TVA"}
    for name, value in values.items():
        expect(visitor.page.get_by_label(labels[name])).to_have_value(value)


def test_new_client_is_filled_from_a_number_and_from_a_name(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "nina.annuaire", name="Cabinet Annuaire")
    new = f"{cabinet.path}clients/nouveau/"
    visitor.go(new)
    _fill_from_numbers(visitor)
    visitor.go(new)
    _fill_from_a_name(visitor)

    visitor.go(new)
    page = visitor.page
    page.get_by_label("SIREN ou SIRET").fill("441209327")
    page.get_by_role("link", name="Ouvrir le dossier de BOULANGERIE DES DEUX PONTS").click()
    expect(page.get_by_role("heading", name="BOULANGERIE DES DEUX PONTS")).to_be_visible()


def _fill_from_numbers(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_label("Ville").fill("Rezé")
    page.get_by_label("SIREN ou SIRET").press_sequentially("441 209 327")
    _expect_fields(visitor, name="BOULANGERIE DES DEUX PONTS", street="4 QUAI DES TANNEURS", city="Rezé")
    page.get_by_label("SIREN ou SIRET").fill("441209608")
    expect(page.get_by_text("Entreprise cessée le 12/03/2024")).to_be_visible()
    _expect_fields(visitor, name="ATELIER FERME", street="2 IMPASSE DU MOULIN", city="Rezé")
    visitor.look("nouveau-client-cesse", whole=False)
    unanswered: list[Route] = []
    page.route("**/*siren=441209707*", lambda route: unanswered.append(route))  # noqa: PLW0108 - playwright marks its handler
    with page.expect_request("**/*siren=441209707*"):  # unknown: what was another's goes, what was typed stays
        page.get_by_label("SIREN ou SIRET").fill("441209707")
    _expect_fields(visitor, name="", street="", city="Rezé")
    unanswered[0].continue_()
    expect(page.get_by_text("ne connaît pas ce numéro")).to_be_visible()
    _expect_fields(visitor, name="", street="", city="Rezé")


def _fill_from_a_name(visitor: Visitor) -> None:
    page = visitor.page
    name, found = page.get_by_label("Raison sociale"), page.get_by_role("listbox", name="Entreprises trouvées")
    name.press_sequentially("boulang")
    expect(found.get_by_role("option")).to_have_count(4)
    name.press("ArrowDown")
    name.press("ArrowDown")
    visitor.look("nouveau-client-noms", whole=False)
    name.press("Escape")
    expect(found).to_have_count(0)
    name.press_sequentially("erie de")
    expect(found.get_by_role("option")).to_have_count(2)
    name.press("ArrowDown")
    name.press("Enter")
    _expect_fields(visitor, name="BOULANGERIE DES DEUX PONTS", number="44120932700010", city="NANTES")
    page.get_by_role("button", name="Créer le dossier").click()
    expect(page.get_by_role("heading", name="BOULANGERIE DES DEUX PONTS")).to_be_visible()


def test_firm_s_files_are_completed_in_the_background(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "colin.complet", name="Cabinet Complet")
    names = [f"Client {n}" for n in range(6)]
    visitor.stack.call("tests.browser.world:add_clients", siret=cabinet.siret, names=names)
    page, directory = visitor.page, visitor.stack.company_directory
    visitor.go(f"{cabinet.path}clients/")
    page.get_by_role("button", name="Importer clients").click()
    page.get_by_role("link", name="Compléter mes clients").click()
    visitor.expect_heading("Compléter mes clients")
    visitor.look("completer", whole=False)
    requests.put(f"{directory}/faults", json={"fault": "slow", "seconds": 0.5}, timeout=20).raise_for_status()
    try:
        page.get_by_role("button", name="Compléter 7 dossiers").click()
        expect(page.get_by_text("Vous pouvez quitter cette page.")).to_be_visible()
    finally:
        requests.post(f"{directory}/reset", timeout=20).raise_for_status()
    expect(page.get_by_text("Complément terminé.")).to_be_visible()
    expect(page.get_by_text("7 sur 7 dossiers cherchés")).to_be_visible()
    visitor.look("completer-termine", whole=False)
