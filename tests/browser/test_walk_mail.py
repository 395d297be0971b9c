"""An invitation comes back: the mail page's button, the report over SMTP, the client's row, the firm's mail journal."""

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.people import open_firm
from tests.browser.visitor import Visitors

pytestmark = pytest.mark.browser


def test_invitation_that_bounces_is_seen_where_the_firm_works(visitors: Visitors) -> None:
    firm = visitors.new()
    stack = firm.stack
    cabinet = open_firm(firm, "remy.rebond", name="Cabinet du Rebond")
    stack.call("tests.browser.world:add_clients", siret=cabinet.siret, names=["Le Mur Blanc"], email="mur@blanc.test")
    firm.go(f"{cabinet.path}clients/")
    firm.page.get_by_role("button", name="Actions pour Le Mur Blanc").click()
    firm.page.get_by_role("button", name="Envoyez un e-mail d'invitation").click()
    stack.wait("the invitation's e-mail", lambda: stack.messages(to="mur@blanc.test"), seconds=20)

    postman = visitors.new()
    postman.go(f"{stack.mail_url}/messages/{stack.messages(to='mur@blanc.test')[0]['id']}")
    postman.page.get_by_label("Motif").select_option("full")
    postman.page.get_by_role("button", name="Faire rebondir").click()
    expect(postman.page.get_by_role("status")).to_contain_text("est revenu à rebond-")

    firm.go(f"{cabinet.path}journal/")
    firm.look("journal")
    firm.page.get_by_role("link", name="E-mails").click()
    firm.expect_heading("Journal des e-mails 1")
    firm.expect_texts("tbody .state", ["Rejeté"])
    firm.look("journal-emails")
    stack.wait(
        "the client's row to say so",
        lambda: stack.value("SELECT status FROM clients_client WHERE name = 'Le Mur Blanc'") == "bounced",
        seconds=25,
    )
    firm.page.get_by_label("État").select_option("sent")
    expect(firm.page.get_by_role("heading", name="Aucun résultat")).to_be_visible()
    firm.page.get_by_label("État").select_option("bounced")
    firm.page.get_by_role("button", name="Actions pour Cabinet du Rebond").click()
    firm.page.get_by_role("button", name="Renvoyer l'invitation").click()
    firm.expect_heading("Journal des e-mails 1")
    stack.wait("the second e-mail", lambda: len(stack.messages(to="mur@blanc.test")) == 2, seconds=20)


def test_previews_show_every_e_mail(visitors: Visitors) -> None:
    developer = visitors.new()
    developer.go("/dev/emails/")
    developer.look("apercus")
    developer.go("/dev/emails/invitation/")
    developer.expect_heading("Cabinet Durand & Associés vous invite sur jefacture")
    developer.look("apercu")
    address = developer.page.locator("iframe").first.get_attribute("src")
    assert requests.get(f"{developer.stack.url}{address}", timeout=20).status_code == 200
