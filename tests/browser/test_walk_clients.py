"""The directory of clients: a file typed by hand, and the list."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import new_siren, open_firm
from tests.browser.visitor import Visitor, Visitors

pytestmark = pytest.mark.browser


def test_client_typed_by_hand_is_checked_then_found(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "anne.saisie", name="Cabinet Saisie")
    page, siren = visitor.page, new_siren()
    page.get_by_role("link", name="Nouveau client").first.click()
    visitor.expect_heading("Nouveau client")
    visitor.look("nouveau-client")

    _fill_in_wrongly_then_rightly(visitor, siren)
    expect(page.get_by_role("heading", name="Épicerie de l'Étoile")).to_be_visible()
    visitor.look("dossier-client")
    _read_every_tab(visitor)
    _archive(visitor)
    # The same SIREN twice in one firm is refused, with the file that holds it.
    visitor.go(f"{cabinet.path}clients/nouveau/")
    page.get_by_label("SIREN ou SIRET").fill(siren)
    page.get_by_label("Raison sociale").fill("La même")
    page.get_by_role("button", name="Créer le dossier").click()
    visitor.expect_texts("[data-error-summary] a", ["SIREN ou SIRET"])


def _fill_in_wrongly_then_rightly(visitor: Visitor, siren: str) -> None:
    page = visitor.page
    page.get_by_label("SIREN ou SIRET").fill("123 456 789")
    page.get_by_label("E-mail du contact").fill("pas une adresse")
    page.get_by_role("button", name="Créer le dossier").click()
    visitor.expect_texts("[data-error-summary] a", ["SIREN ou SIRET", "Raison sociale", "E-mail du contact"])
    visitor.look("nouveau-client-erreurs")
    page.get_by_label("SIREN ou SIRET").fill(f"{siren[:3]} {siren[3:6]} {siren[6:]}")
    page.get_by_label("Raison sociale").fill("Épicerie de l'Étoile")
    page.get_by_label("E-mail du contact").fill("contact@etoile.test")
    page.get_by_role("button", name="Créer le dossier").click()


def _read_every_tab(visitor: Visitor) -> None:
    """By the keyboard: each comes into its place, under an address of its own."""
    page = visitor.page
    for tab, words in (
        ("Factures", "Aucune facture pour l'instant."),
        ("Invitations", "Aucune invitation n'a encore été envoyée."),
        ("Livraison", "Connexion à l'outil de production"),
        ("Historique", "Dossier client créé"),
    ):
        page.get_by_role("link", name=tab, exact=True).last.press("Enter")
        expect(page.locator("#fiche").get_by_text(words)).to_be_visible()
        expect(page.locator(".tabs [aria-current]")).to_have_text(tab)
        expect(page.locator(".tabs [aria-current]")).to_be_focused()
        assert page.url.endswith(f"?onglet={tab.lower()}")
    visitor.look("dossier-client-historique")


def _archive(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Archiver").click()
    dialog = page.get_by_role("dialog", name="Archiver Épicerie de l'Étoile")
    expect(dialog).to_contain_text("Le dossier peut être restauré à tout moment.")
    visitor.look("dossier-client-archiver", whole=False)
    dialog.get_by_role("button", name="Archiver le dossier").click()
    expect(page.get_by_role("link", name="Restaurer")).to_be_visible()


def test_list_follows_its_filters_as_they_are_set(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "fanny.filtre", name="Cabinet Filtre")
    visitor.stack.call(
        "tests.browser.world:add_clients",
        siret=cabinet.siret,
        names=[*(f"Serrurerie {n}" for n in range(1, 60)), "Électricité d'Été"],
    )
    visitor.go(f"{cabinet.path}clients/")
    visitor.expect_heading("Clients 61")
    _search(visitor)
    _filter(visitor)
    _archive_across_pages(visitor)


def _search(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_label("Rechercher un client", exact=True).fill("electricite ETE")
    expect(page.locator("#compte")).to_have_text("1")
    visitor.expect_texts("td.main", ["Électricité d'Été"])
    assert page.url.endswith("?q=electricite%20ETE")
    page.get_by_label("Rechercher un client", exact=True).fill("aucun de ce nom")
    expect(page.get_by_role("heading", name="Aucun résultat")).to_be_visible()
    visitor.look("clients-aucun-resultat")
    page.get_by_role("link", name="Effacer les filtres").first.click()
    expect(page.locator("#compte")).to_have_text("61")


def _filter(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_text("Statut", exact=True).first.click()
    page.get_by_role("group", name="Statut").get_by_label("Actif").check()
    expect(page.locator("#compte")).to_have_text("1")
    page.get_by_label("Jamais invité").check()
    expect(page.get_by_role("heading", name="Aucun résultat")).to_be_visible()
    page.get_by_role("link", name="Retirer le filtre Statut : Actif").click()
    expect(page.locator("#compte")).to_have_text("60")
    visitor.look("clients-filtres")
    page.get_by_role("link", name="Retirer le filtre Jamais invité").click()
    expect(page.locator("#compte")).to_have_text("61")


def _archive_across_pages(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Suivante").click()
    visitor.expect_texts(".jf-foot > span", ["51 – 61 sur 61"])
    expect(page.locator("td.main")).to_have_count(11)
    page.get_by_role("checkbox", name="Choisir toute la page").check()
    page.get_by_role("button", name="Tout choisir (61)").click()
    visitor.expect_texts("[data-bulk-count]", ["61 clients"])
    visitor.look("clients-selection", whole=False)
    page.get_by_role("button", name="Archiver").click()
    page.get_by_role("dialog").get_by_role("button", name="Archiver").click()
    expect(page.get_by_text("60 dossiers archivés, 1 refusé : 1 dossier du cabinet.")).to_be_visible()
    visitor.expect_texts(".state", ["Archivé"] * 11)


def test_two_tabs_on_one_file_lose_nothing_of_each_other(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "paule.deux", name="Cabinet Deux")
    visitor.stack.call("tests.browser.world:add_clients", siret=cabinet.siret, names=["Serrurerie Une"])
    page = visitor.page
    visitor.go(f"{cabinet.path}clients/?q=serrurerie")
    page.get_by_role("link", name="Serrurerie Une", exact=True).click()
    page.get_by_role("link", name="Modifier").click()
    other = visitor.open_tab()
    other.goto(page.url)
    for tab, city in ((other, "Lyon"), (page, "Brest")):
        tab.bring_to_front()
        tab.get_by_label("Ville").fill(city)
        tab.get_by_label("Téléphone").fill("" if tab == page else "0102030405")
        tab.get_by_role("button", name="Enregistrer le dossier").click()

    expect(page.get_by_role("alert")).to_contain_text("Rien de ce que vous avez saisi n'est perdu.")
    visitor.look("dossier-client-conflit")
    page.get_by_label("Lyon").check()
    page.get_by_role("alert").get_by_role("button", name="Enregistrer avec ces choix").click()
    expect(page.get_by_text("Le dossier est enregistré.")).to_be_visible()
    expect(page.locator("#fiche")).to_contain_text("Lyon")


def test_columns_menus_and_assignments_are_a_persons_own(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "agnes.colonnes", name="Cabinet Colonnes")
    visitor.stack.call("tests.browser.world:add_clients", siret=cabinet.siret, names=["Alpha", "Bravo", "Charlie"])
    visitor.stack.call("tests.browser.world:add_member", siret=cabinet.siret, first_name="Rose", last_name="Petit")
    page = visitor.page
    visitor.go(f"{cabinet.path}clients/?tri=-name")
    page.get_by_text("Colonnes", exact=True).click()
    for column, shown in (("SIREN", False), ("Ville", True), ("Créé le", True)):
        page.get_by_role("group", name="Colonnes à afficher").get_by_label(column, exact=True).set_checked(shown)
    visitor.look("clients-colonnes", whole=False)
    page.get_by_role("button", name="Afficher ces colonnes").click()
    expect(page.get_by_role("columnheader", name="Ville")).to_be_visible()
    expect(page.get_by_role("columnheader", name="SIREN")).to_have_count(0)
    assert page.url.endswith("?tri=-name")

    page.get_by_role("checkbox", name="Choisir Alpha").check()
    page.get_by_role("checkbox", name="Choisir Charlie").check()
    page.get_by_role("button", name="Affecter").click()
    dialog = page.get_by_role("dialog", name="Affecter des dossiers")
    expect(dialog.get_by_text("2 clients", exact=True)).to_be_visible()
    dialog.get_by_label("Rose Petit").check()
    visitor.look("clients-affecter", whole=False)
    dialog.get_by_role("button", name="Affecter", exact=True).click()
    expect(page.get_by_text("2 dossiers affectés.")).to_be_visible()
    expect(page.get_by_title("Rose Petit")).to_have_count(2)

    menu = page.get_by_role("button", name="Actions pour Bravo")
    menu.focus()
    menu.press("Enter")
    menu.press("ArrowDown")
    expect(page.get_by_role("link", name="Ouvrir le dossier").filter(visible=True)).to_be_focused()
    visitor.look("clients-menu", whole=False)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Exporter").click()
    assert saved.value.suggested_filename.endswith(".xlsx")
