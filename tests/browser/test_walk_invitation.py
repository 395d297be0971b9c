"""Inviting a client: the e-mail over SMTP, the link, the password and the terms, the space, and what the firm sees."""

import re
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.people import Cabinet, open_firm
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser

_PASSWORD = "Azalee-Tracteur-81"
_LINK = re.compile(r"http\S+/invitation/\S+")


def _invited(firm: Visitor, sub: str, *, client: str, email: str) -> tuple[Cabinet, str]:
    """The firm invites its one client from the row's menu; the link that arrives by e-mail."""
    cabinet = open_firm(firm, sub, name="Cabinet Invitant")
    firm.stack.call("tests.browser.world:add_clients", siret=cabinet.siret, names=[client], email=email)
    firm.go(f"{cabinet.path}clients/")
    firm.page.get_by_role("button", name=f"Actions pour {client}").click()
    firm.look(f"menu-{sub}", whole=False)
    firm.page.get_by_role("button", name="Envoyez un e-mail d'invitation").click()
    expect(firm.page.get_by_role("row", name=client).get_by_text("Invité")).to_be_visible()
    firm.stack.wait("the invitation's e-mail", lambda: firm.stack.messages(to=email), seconds=20)
    message = firm.stack.messages(to=email)[0]
    assert message["subject"] == "Cabinet Invitant vous invite sur jefacture"
    found = _LINK.search(message["text"])
    assert found
    return cabinet, found.group()


def test_client_invited_by_e_mail_opens_its_space_and_the_firm_enters_it(visitors: Visitors) -> None:
    firm, guest = visitors.new(), visitors.new()
    cabinet, link = _invited(firm, "irene.invite", client="L'Atelier du Zinc", email="zinc@atelier.test")
    # A mail scanner and a curious reader consume nothing.
    assert [requests.head(link, timeout=20).status_code, requests.get(link, timeout=20).status_code] == [200, 200]

    guest.go(link)
    guest.expect_heading("Bienvenue, L'Atelier du Zinc")
    guest.look("invitation")
    guest.page.get_by_role("button", name="Ouvrir mon espace").click()
    guest.expect_texts("[data-error-summary] a", ["Mot de passe", "CGU"])
    guest.look("invitation-erreurs")
    guest.page.get_by_label("Mot de passe", exact=True).fill(_PASSWORD)
    guest.page.get_by_role("checkbox").check()
    form = guest.page.locator("main form").evaluate("form => Object.fromEntries(new FormData(form))")
    guest.page.get_by_role("button", name="Ouvrir mon espace").click()
    guest.page.wait_for_url("**/entreprises/*/factures/")
    expect(guest.page.get_by_role("heading", name="Déposez votre première facture")).to_be_visible()
    guest.look("entreprise-vide")

    # The link served: the same answers sent a second time are refused.
    again = guest.page.request.post(link, form=form, headers={"Referer": link})
    assert again.status in {403, 410}
    other = visitors.new()
    other.go(link)
    other.expect_heading("Cette invitation a déjà été acceptée")
    other.look("invitation-servie")
    other.sign_in_with("zinc@atelier.test", _PASSWORD)
    other.expect_heading("Factures 0")

    firm.go(f"{cabinet.path}clients/?q=zinc")
    firm.expect_texts("tbody .state", ["Actif"])
    firm.page.get_by_role("button", name="Actions pour L'Atelier du Zinc").click()
    firm.page.get_by_role("link", name="Accéder à l'espace entreprise").click()
    firm.page.wait_for_url(f"**{urlsplit(guest.page.url).path}")
    expect(firm.page.get_by_text("Vous travaillez dans l'espace de")).to_be_visible()
    firm.expect_texts(".jf-nav a", ["Factures", "Déposer"])
    firm.look("entreprise-par-le-cabinet")


def test_selection_is_activated_from_a_dialog_that_says_who_is_invited(visitors: Visitors) -> None:
    firm = visitors.new()
    cabinet = open_firm(firm, "simon.active", name="Cabinet Actif")
    world = "tests.browser.world:add_clients"
    firm.stack.call(world, siret=cabinet.siret, names=["Avec e-mail"], email="avec@activation.test")
    firm.stack.call(world, siret=cabinet.siret, names=["Sans e-mail"], email="")
    page = firm.page
    firm.go(f"{cabinet.path}clients/")
    page.get_by_role("link", name="Inviter sur jefacture.com").click()
    page.get_by_role("checkbox", name="Choisir toute la page").check()
    firm.look("inviter", whole=False)

    page.get_by_role("button", name="Activer").click()
    dialog = page.get_by_role("dialog", name="Activer sur jefacture.com")
    expect(dialog).to_contain_text("1 client recevra un e-mail d'invitation")
    expect(dialog).to_contain_text("1 dossier n'a pas d'e-mail de contact.")
    firm.look("activer", whole=False)
    dialog.get_by_role("button", name="Activer").click()

    expect(page.get_by_text("Terminé")).to_be_visible(timeout=30_000)
    firm.look("activer-termine")
    firm.stack.wait("the e-mail", lambda: firm.stack.messages(to="avec@activation.test"), seconds=20)
    firm.go(f"{cabinet.path}invitations/")
    firm.expect_texts("td.main", ["Avec e-mail"])
    firm.look("invitations")
