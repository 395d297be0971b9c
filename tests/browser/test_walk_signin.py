"""Coming in by ComptExpert: the first sign-in, two tabs, several firms, and the pages of those who may not."""

import re

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.people import accept_terms, add_person, new_cabinet, open_firm
from tests.browser.visitor import Visitors

pytestmark = pytest.mark.browser

_REFERENCE = re.compile(r"Référence pour l'assistance : [0-9A-F]{10}")


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_first_sign_in_opens_the_firm_after_its_terms_and_says_what_to_do_next(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = new_cabinet("Vidal Conseil")
    add_person(visitor.stack, "nadia.vidal", cabinet.claims())

    visitor.go("/")
    visitor.look("accueil-public")
    visitor.page.get_by_role("link", name="Connexion").click()
    visitor.expect_texts("main h2", ["Accès cabinet d'expertise-comptable", "Accès entreprise"])
    visitor.look("connexion")
    visitor.page.get_by_role("link", name="Se connecter").click()
    visitor.page.locator('button[value="nadia.vidal"]').click()

    visitor.page.wait_for_url(f"**{cabinet.path}cgu/")
    visitor.expect_heading("Bienvenue, Vidal Conseil")
    visitor.look("cgu-cabinet")
    # Before its terms the firm has nothing else to show.
    visitor.go(f"{cabinet.path}clients/")
    visitor.page.wait_for_url(f"**{cabinet.path}cgu/")
    accept_terms(visitor)

    visitor.expect_heading("Clients 1")
    visitor.expect_texts("td.main", ["Vidal Conseil Dossier du cabinet"])
    expect(visitor.page.get_by_role("heading", name="Ajoutez vos clients")).to_be_visible()
    visitor.look("clients-vide")
    visitor.page.get_by_role("link", name="Accueil", exact=True).click()
    expect(visitor.page.get_by_role("list", name="Clients")).to_be_visible()
    visitor.look("accueil-cabinet")


def test_two_tabs_sign_in_at_once(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = new_cabinet("Cabinet Deux Onglets")
    add_person(visitor.stack, "alice.onglets", cabinet.claims())
    first, second = visitor.page, visitor.open_tab()
    for page in (first, second):
        page.goto(f"{visitor.stack.url}/connexion/")
        page.get_by_role("link", name="Se connecter").click()

    for page in (first, second):
        page.locator('button[value="alice.onglets"]').click()
        expect(page).to_have_url(f"{visitor.stack.url}{cabinet.path}cgu/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Cabinet Deux Onglets")


def test_replayed_and_forged_answers_get_a_page_to_start_again(visitors: Visitors) -> None:
    visitor = visitors.new()
    seen: list[str] = []
    visitor.page.on(
        "request", lambda request: seen.append(request.url) if "/comptexpert/retour/" in request.url else None
    )
    add_person(visitor.stack, "remi.rejeu", new_cabinet("Cabinet Rejeu").claims())
    visitor.sign_in_as("remi.rejeu")

    thief = visitors.new()
    for address in (seen[0], f"{visitor.stack.url}/comptexpert/retour/?code=invente&state=invente"):
        for somebody in (visitor, thief):
            somebody.go(address)
            somebody.expect_heading("La connexion n'a pas abouti")
            expect(somebody.page.get_by_role("link", name="Recommencer")).to_be_visible()
    thief.look("comptexpert-rejeu")


@pytest.mark.parametrize("fault", ["id_token_wrong_signature", "token_500", "authorize_access_denied"])
def test_failure_of_comptexpert_gets_a_french_page_to_start_again(visitors: Visitors, fault: str) -> None:
    visitor = visitors.new()
    sub = f"faute.{fault.replace('_', '-')}"
    cabinet = new_cabinet("Cabinet Panne")
    add_person(visitor.stack, sub, cabinet.claims())
    order = {"faults": [fault], "sub": sub, "once": True, "seconds": 10}
    requests.put(f"{visitor.stack.comptexpert}/faults", json=order, timeout=20).raise_for_status()

    visitor.sign_in_as(sub)

    visitor.expect_heading("La connexion n'a pas abouti")
    assert len(_REFERENCE.findall(_plain(visitor.page.inner_text("main")))) == 1
    visitor.page.get_by_role("link", name="Recommencer").click()
    visitor.page.locator(f'button[value="{sub}"]').click()
    visitor.page.wait_for_url(f"**{cabinet.path}cgu/")


def test_expert_without_siret_is_told_who_can_mend_it(visitors: Visitors) -> None:
    visitor = visitors.new()
    add_person(visitor.stack, "claire.siret", new_cabinet("Fontaine Expertise").claims(siret=False))

    visitor.sign_in_as("claire.siret")

    visitor.expect_heading("Absence de SIRET")
    visitor.expect_texts("main h2", ["Ce que ComptExpert nous a transmis", "Ce qui manque", "Qui peut y remédier"])
    words = _plain(visitor.page.inner_text("main"))
    assert ("Fontaine Expertise" in words, "CROEC" in words, len(_REFERENCE.findall(words))) == (True, True, 1)
    visitor.look("absence-de-siret")


def test_collaborateur_without_delegation_is_told_whom_to_ask(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitors.new(), "ines.droit", name="Cabinet Droit")
    add_person(visitor.stack, "hugo.droit", cabinet.claims(delegation=False), profile="collaborateur")

    visitor.sign_in_as("hugo.droit")

    visitor.expect_heading("Droit d'accès manquant")
    words = _plain(visitor.page.inner_text("main"))
    assert ("assistance@" in words, len(_REFERENCE.findall(words))) == (True, 1)
    visitor.look("droit-manquant")


def test_expert_of_two_firms_chooses_one_and_changes_without_signing_out(visitors: Visitors) -> None:
    visitor = visitors.new()
    lyon = new_cabinet("Morel Lyon")
    annecy = type(lyon)("Morel Annecy", lyon.siren, office=2)
    add_person(visitor.stack, "luc.morel", lyon.claims(), annecy.claims())

    visitor.sign_in_as("luc.morel")
    visitor.expect_heading("Choisir un cabinet")
    visitor.look("choisir-un-cabinet")
    visitor.page.get_by_role("link", name="Morel Lyon").click()
    accept_terms(visitor)
    visitor.page.get_by_title("Changer de cabinet").click()
    visitor.page.get_by_role("link", name="Morel Annecy").click()
    accept_terms(visitor)

    # The firm is in the address: two tabs show two firms.
    other = visitor.open_tab()
    other.goto(f"{visitor.stack.url}{lyon.path}clients/")
    names = [page.locator(".jf-switch .name").inner_text() for page in (visitor.page, other)]
    assert names == ["Morel Annecy", "Morel Lyon"]


def test_collaborateur_waits_for_the_terms_then_enters_as_utilisateur(visitors: Visitors) -> None:
    expert, visitor = visitors.new(), visitors.new()
    cabinet = new_cabinet("Cabinet Attente")
    add_person(expert.stack, "marie.attente", cabinet.claims(delegates=["paul.attente"]))
    add_person(expert.stack, "paul.attente", cabinet.claims(), profile="collaborateur")
    expert.sign_in_as("marie.attente")

    visitor.sign_in_as("paul.attente")
    visitor.expect_heading("Le cabinet n'est pas encore ouvert")
    visitor.expect_texts("main li b", ["Marie Attente"])
    visitor.look("cgu-en-attente")
    accept_terms(expert)
    visitor.page.reload()
    visitor.page.wait_for_url("**/clients/")

    visitor.expect_texts(".jf-empty h2", ["Aucun dossier ne vous est affecté"])
    visitor.page.get_by_role("button", name="Profil de Paul Attente").click()
    visitor.expect_texts(".jf-who .sub", ["paul.attente@cabinet.test · Utilisateur"])
    visitor.expect_texts(
        ".jf-nav a",
        [
            "Accueil",
            "Clients",
            "Factures",
            "Invitations",
            "Utilisateurs",
            "Partenaires",
            "Paramètres d'export",
        ],
    )
    expert.go(f"{cabinet.path}utilisateurs/")
    expert.expect_texts("tbody tr td:nth-child(3)", ["Administrateur", "Utilisateur"])
    expert.look("utilisateurs")
