"""« Accueil »: what is done, and the way to what comes next."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import open_firm
from tests.browser.visitor import Visitors

pytestmark = pytest.mark.browser


def test_home_leads_to_the_next_step_until_all_are_done(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "dora.debut", name="Cabinet Début")
    page = visitor.page
    visitor.go(cabinet.path)
    expect(page.get_by_role("heading", name="Pour bien démarrer")).to_be_visible()
    expect(page.locator(".figs").first).to_be_visible()
    visitor.look("accueil")
    page.get_by_role("listitem").filter(has_text="Clients").get_by_role("link", name="Importer clients").click()
    visitor.expect_heading("Importer clients")

    visitor.stack.call("tests.browser.world:finish_first_steps", siret=cabinet.siret)
    visitor.go(cabinet.path)
    done = page.locator("summary").filter(has_text="Pour bien démarrer")
    expect(done).to_contain_text("5 étapes sur 5")
    visitor.look("accueil-termine")
    done.press("Enter")
    expect(page.locator(".jf-start li")).to_have_count(5)
