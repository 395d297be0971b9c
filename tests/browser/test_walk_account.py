"""A company account guards itself: a passkey is made and signs in; a new password's rules tick while it is typed."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, Visitors
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

_COMPANY = """
from tests.factories import make_company, make_owner
company = make_company(name="Prémys Conseil")
result = {"siren": company.siren, "email": make_owner(company, email="%s").person.email}
"""


def _owner(visitor: Visitor, email: str) -> dict[str, str]:
    made: dict[str, str] = visitor.stack.run(_COMPANY % email)
    return made


def _own_authenticator(visitor: Visitor) -> None:
    """A device with a fingerprint reader that always agrees, in place of the browser's own."""
    devices = visitor.page.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    options: dict[str, Any] = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= dict.fromkeys(("hasResidentKey", "hasUserVerification", "isUserVerified"), True)
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey_is_made_then_signs_in_alone_and_the_password_asks_for_more(visitors: Visitors) -> None:
    visitor, other = visitors.new(), visitors.new()
    company = _owner(visitor, "cle@premys.test")
    home = f"{visitor.stack.url}/entreprises/{company['siren']}/factures/"
    _own_authenticator(visitor)
    visitor.sign_in_with(company["email"], PASSWORD)
    codes = _make_a_key(visitor, company["email"])

    visitor.page.context.clear_cookies()
    visitor.go("/connexion/")
    visitor.page.get_by_role("button", name="Utiliser une clé d'accès").click()
    visitor.page.wait_for_url("**/factures/")
    assert visitor.page.url == home

    _sign_in_by_code(other, company["email"], codes[0])
    assert other.page.url == home


def _make_a_key(visitor: Visitor, email: str) -> list[str]:
    """With the recovery codes that are shown then."""
    page = visitor.page
    page.get_by_role("button", name=f"Profil de {email}").click()
    page.get_by_role("link", name="Mon compte").click()
    page.get_by_role("link", name="Ajouter une clé").click()
    visitor.expect_heading("Confirmez que c'est vous")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom de la clé").fill("Téléphone d'Hélène")
    page.get_by_role("button", name="Créer la clé").click()
    visitor.expect_heading("Codes de secours")
    codes = visitor.texts(".jf-codes li")
    page.get_by_role("link", name="Terminé").click()
    visitor.expect_texts(
        "#double ~ ul b",
        ["Téléphone d'Hélène", "Une autre clé d'accès", "Application d'authentification", "Codes de secours"],
    )
    visitor.look("mon-compte")
    return codes


def _sign_in_by_code(visitor: Visitor, email: str, code: str) -> None:
    page = visitor.page
    visitor.go("/connexion/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    visitor.expect_heading("Double vérification")
    visitor.look("double-verification")
    page.get_by_label("Code de l'application").fill(code)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/factures/")


def test_rules_of_a_new_password_tick_while_it_is_typed_and_it_can_be_shown(visitors: Visitors) -> None:
    visitor = visitors.new()
    page = visitor.page
    company = _owner(visitor, "regles@premys.test")
    visitor.sign_in_with(company["email"], PASSWORD)
    visitor.go("/compte/mot-de-passe/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    field, met = page.get_by_label("Nouveau mot de passe"), page.locator(".jf-rules > li.met")
    for typed, ticks in [("", 0), ("123456789012", 2), ("Regles@premys1", 2), ("court", 2), ("Tilleul-Vapeur-63", 3)]:
        field.fill(typed)
        expect(met).to_have_count(ticks)
    assert [each for each in asked if "/static/" not in each] == []
    visitor.look("changer-le-mot-de-passe")

    show = page.locator("[data-reveal=id_password1]")
    expect(show).to_have_accessible_name("Afficher le mot de passe")
    show.press("Enter")
    expect(show).to_have_accessible_name("Masquer le mot de passe")
    expect(show).to_have_attribute("aria-pressed", "true")
    expect(field).to_have_attribute("type", "text")
    field.dispatch_event("keyup", {"key": "A", "modifierCapsLock": True})
    expect(page.get_by_role("status").filter(has_text="majuscules")).to_be_visible()
    field.fill("Motdepasse2026!")
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Changer le mot de passe").click()
    visitor.expect_texts("[data-error-summary] a", ["Nouveau mot de passe"])
