"""The lists of invoices as a firm and a company use them: found, narrowed, kept as a view, turned; and « Accueil »."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import open_firm
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser


def test_lists_are_searched_kept_and_turned(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "lise.liste", name="Cabinet Liste")
    client = visitor.stack.call("tests.browser.world:add_listed_client", siret=cabinet.siret, count=60)
    page = visitor.page
    visitor.go(f"{cabinet.path}factures/?vue=libre")
    expect(page.locator("#compte")).to_have_text("60")
    visitor.look("liste-cabinet", whole=False)
    page.locator("a[rel=next]").click()
    expect(page.locator("table.jf tbody tr")).to_have_count(10)
    page.locator("a[rel=prev]").click()
    expect(page.locator("table.jf tbody tr")).to_have_count(50)

    visitor.go(f"{cabinet.path}factures/?vue=libre")
    _find_and_keep(visitor)

    visitor.go(cabinet.path)
    expect(page.get_by_role("heading", name="Factures par mois")).to_be_visible()
    visitor.look("accueil-cabinet-factures")

    person = visitors.new()
    person.enter_with(client["email"], client["password"])
    person.go(f"/entreprises/{client['siren']}/accueil/")
    expect(person.page.get_by_role("heading", name="Factures par mois")).to_be_visible()
    person.look("accueil-entreprise")
    person.go(f"/entreprises/{client['siren']}/factures/?vue=libre")
    person.page.locator("label.chip", has_text="En litige").click()
    expect(person.page.locator("#compte")).to_have_text("1")
    person.look("liste-entreprise")


def _find_and_keep(visitor: Visitor) -> None:
    """Words and a state narrow the list; the view of them is kept, and the state taken away again."""
    page = visitor.page
    page.get_by_label("Rechercher une facture").fill("L-00")
    expect(page.locator("#compte")).to_have_text("9")
    page.locator("label.chip", has_text="En litige").click()
    expect(page.locator("#compte")).to_have_text("1")
    visitor.look("liste-filtree")
    page.locator("summary", has_text="Vues").click()
    page.get_by_label("Enregistrer cette vue").fill("Litiges")
    visitor.look("liste-vues")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("#compte")).to_have_text("1")
    page.get_by_role("link", name="En litige").click()
    expect(page.locator("#compte")).to_have_text("9")
