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
    visitor = visitors.new()
    page = visitor.page
    company = _owner(visitor, "cle@premys.test")
    _own_authenticator(visitor)
    visitor.sign_in_with(company["email"], PASSWORD)
    page.get_by_role("button", name=f"Profil de {company['email']}").click()
    page.get_by_role("link", name="Mon compte").click()
    page.get_by_role("link", name="Ajouter une clé").click()
    visitor.expect_heading("Confirmez que c'est vous")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nom de la clé").fill("Téléphone d'Hélène")
    page.get_by_role("button", name="Créer la clé").click()
    visitor.expect_heading("Codes de secours")
    code = visitor.texts(".jf-codes li")[0]
    page.get_by_role("link", name="Terminé").click()
    visitor.expect_texts(
        "#double ~ ul b",
        ["Téléphone d'Hélène", "Une autre clé d'accès", "Application d'authentification", "Codes de secours"],
    )
    visitor.look("mon-compte")

    page.context.clear_cookies()
    visitor.go("/connexion/")
    page.get_by_role("button", name="Utiliser une clé d'accès").click()
    page.wait_for_url(f"**/entreprises/{company['siren']}/factures/")

    other = visitors.new()
    other.go("/connexion/")
    other.page.get_by_label("E-mail").fill(company["email"])
    other.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    other.page.get_by_role("button", name="Se connecter", exact=True).click()
    other.expect_heading("Double vérification")
    other.look("double-verification")
    other.page.get_by_label("Code de l'application").fill(code)
    other.page.get_by_role("button", name="Se connecter", exact=True).click()
    other.page.wait_for_url(f"**/entreprises/{company['siren']}/factures/")


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
