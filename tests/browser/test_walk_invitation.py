"""Inviting a client: the e-mail over SMTP, the link, the password and the terms, the space, and what the firm sees."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.people import Cabinet, open_firm
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser

#: Client files of a firm's first act, over several pages of the list.
MANY = 200
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
    firm.expect_texts(".jf-nav a", ["Accueil", "Factures", "Déposer"])
    firm.look("entreprise-par-le-cabinet")


def _firm_of_many(firm: Visitor) -> Cabinet:
    """MANY client files that can be invited, one without an address, one invited just now."""
    cabinet = open_firm(firm, "simon.active", name="Cabinet Actif")
    world = "tests.browser.world:"
    firm.stack.call(f"{world}add_clients", siret=cabinet.siret, names=[f"Client {n:03d}" for n in range(MANY)])
    firm.stack.call(f"{world}add_clients", siret=cabinet.siret, names=["Sans adresse"], email="")
    firm.stack.call(f"{world}add_clients", siret=cabinet.siret, names=["Invité hier"], email="hier@activation.test")
    firm.stack.call(f"{world}invite_client", siret=cabinet.siret, name="Invité hier")
    return cabinet


def _set_words(firm: Visitor, cabinet: Cabinet) -> None:
    page = firm.page
    firm.go(f"{cabinet.path}invitations/")
    page.get_by_role("link", name="Paramètres d'invitation").click()
    page.get_by_label("Vos mots dans l'e-mail").fill("Nous changeons de logiciel\nle 1er janvier.")
    page.get_by_text("Aperçu de l'e-mail", exact=True).click()
    expect(page.frame_locator("iframe").get_by_text("Nous changeons de logiciel")).to_be_visible()
    page.get_by_label("Relancer après").select_option("7 jours")
    firm.look("invitation-parametres")
    page.get_by_role("button", name="Enregistrer les paramètres").click()
    expect(page.get_by_text("Les paramètres d'invitation sont enregistrés.")).to_be_visible()


def _saying(firm: Visitor, words: str) -> list[dict[str, Any]]:
    """The messages that arrived with these words."""
    return [message for message in firm.stack.messages() if words in message["text"]]


def _accept(guest: Visitor, email: str) -> None:
    found = _LINK.search(guest.stack.messages(to=email)[0]["text"])
    assert found
    guest.go(found.group())
    guest.page.get_by_label("Mot de passe", exact=True).fill(_PASSWORD)
    guest.page.get_by_role("checkbox").check()
    guest.page.get_by_role("button", name="Ouvrir mon espace").click()
    guest.page.wait_for_url("**/entreprises/*/factures/")


def test_every_client_across_pages_is_activated_by_one_act(visitors: Visitors) -> None:
    firm = visitors.new()
    cabinet = _firm_of_many(firm)
    _set_words(firm, cabinet)
    page, stack = firm.page, firm.stack
    firm.go(f"{cabinet.path}clients/inviter/")
    page.get_by_role("checkbox", name="Choisir toute la page").check()
    page.get_by_role("button", name=f"Tout choisir ({MANY + 2})").click()
    firm.look("inviter", whole=False)

    page.get_by_role("button", name="Activer").click()
    dialog = page.get_by_role("dialog", name="Activer sur jefacture.com")
    expect(dialog).to_contain_text(f"{MANY} clients recevront un e-mail d'invitation")
    expect(dialog).to_contain_text("1 dossier n'a pas d'e-mail de contact.")
    expect(dialog).to_contain_text("1 client a été invité il y a moins de 7 jours (le ")
    expect(dialog.get_by_label("Renvoyer aussi au client invité il y a moins de 7 jours")).not_to_be_checked()
    dialog.get_by_label("Vos mots dans l'e-mail").fill("Un mot pour cet envoi.")
    dialog.get_by_text("Aperçu de l'e-mail", exact=True).click()
    expect(page.frame_locator("iframe").get_by_text("Un mot pour cet envoi.")).to_be_visible()
    firm.look("activer", whole=False)
    dialog.get_by_role("button", name="Activer").click()

    expect(page.get_by_text(f"{MANY} invitations en route")).to_be_visible(timeout=60_000)
    firm.look("activer-termine")
    stack.wait("the e-mails", lambda: len(_saying(firm, "Un mot pour cet envoi.")) == MANY, seconds=60)
    sent = _saying(firm, "Un mot pour cet envoi.")
    assert len({message["to"][0] for message in sent}) == len({message["message_id"] for message in sent}) == MANY

    _accept(visitors.new(), sent[0]["to"][0])
    firm.go(f"{cabinet.path}clients/?statut=active&q={sent[0]['to'][0]}")
    firm.expect_texts("tbody .state", ["Actif"])
    firm.go(f"{cabinet.path}invitations/?q={sent[0]['to'][0]}")
    firm.expect_texts("tbody .state", ["Acceptée"])


def test_expired_and_accepted_invitations_are_sent_again_as_far_as_they_can(visitors: Visitors) -> None:
    firm = visitors.new()
    page, stack = firm.page, firm.stack
    cabinet = open_firm(firm, "rachel.renvoie", name="Cabinet Renvoi")
    names = ["Renvoi expiré", "Renvoi accepté", "Renvoi révoqué"]
    stack.call("tests.browser.world:add_clients", siret=cabinet.siret, names=names)
    for name in names:
        stack.call("tests.browser.world:invite_client", siret=cabinet.siret, name=name)
    expired = stack.value("SELECT contact_email FROM clients_client WHERE name = %s", names[0])
    stack.wait("the e-mail", lambda: len(stack.messages(to=expired)) == 1, seconds=20)
    _move(firm, names[0], "expired")
    _move(firm, names[1], "accepted")

    firm.go(f"{cabinet.path}invitations/")
    firm.look("invitations")
    for name in names[:2]:
        page.get_by_role("checkbox", name=f"Choisir {name}").check()
    page.get_by_role("button", name="Renvoyer").click()
    dialog = page.get_by_role("dialog", name="Renvoyer des invitations")
    expect(dialog).to_contain_text("1 client recevra un nouvel e-mail.")
    expect(dialog).to_contain_text("1 invitation a déjà été acceptée.")
    firm.look("renvoyer", whole=False)
    dialog.get_by_role("button", name="Renvoyer").click()
    expect(page.get_by_text("1 renvoyée, 1 refusée")).to_be_visible(timeout=30_000)
    firm.look("renvoyer-termine")
    stack.wait("the new e-mail", lambda: len(stack.messages(to=expired)) == 2, seconds=20)

    firm.go(f"{cabinet.path}invitations/?q=revoque")
    page.get_by_role("button", name=f"Actions pour {names[2]}").click()
    page.get_by_role("button", name="Révoquer").click()
    page.get_by_role("dialog").get_by_role("button", name="Révoquer").click()
    firm.expect_texts("tbody .state", ["Révoquée"])


def _move(firm: Visitor, client: str, state: str) -> None:
    firm.stack.sql(
        "UPDATE invitations_invitation SET state = %s FROM clients_client AS client"
        " WHERE client.id = client_id AND client.name = %s",
        state,
        client,
    )
