"""Importing clients: from Excel with 40 bad ones, twice, and taken back; and those of jedeclare.com."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from clients.importing.columns.registry import LABELS
from sandbox.luhn import make_siren
from tests.browser.people import Cabinet, open_firm
from tests.browser.visitor import Visitor, Visitors
from tests.browser.workbook import HEADER, write_clients
from tests.stack import Stack

pytestmark = pytest.mark.browser

_ROWS, _BAD = 400, 40
_MINUTE = 60_000
_RECOGNISABLE = "Mot-de-passe-7413-reconnaissable"


def _figures(visitor: Visitor) -> dict[str, int]:
    """The counts of the dry run, by their words."""
    cards = visitor.page.get_by_role("list", name="Ce que fait l'import").get_by_role("listitem").all()
    return {
        card.locator(".state").inner_text(): int(re.sub(r"\D", "", card.locator("b").inner_text())) for card in cards
    }


def _open_import(visitor: Visitor, entry: str) -> None:
    visitor.page.get_by_role("button", name="Importer clients").click()
    visitor.page.get_by_role("link", name=entry).first.click()


def _load(visitor: Visitor, file: Path, *, until: str = ".figs") -> None:
    dialog = visitor.page.get_by_role("dialog")
    dialog.locator('input[type="file"]').set_input_files(file)
    dialog.get_by_role("button", name="Télécharger").click()
    expect(visitor.page.locator(until)).to_be_visible(timeout=_MINUTE)


def _rows_of(path: Path) -> list[tuple[object, ...]]:
    content = BytesIO(path.read_bytes())  # a download has no suffix, which openpyxl would ask for
    return list(load_workbook(content, read_only=True).worksheets[0].iter_rows(values_only=True))


def _clients_of(visitor: Visitor, siret: str) -> int:
    query = "SELECT count(*) FROM clients_client c JOIN firms_firm f ON f.id = c.firm_id WHERE f.siret = %s"
    return int(visitor.stack.value(query, siret))


def test_excel_file_is_reviewed_imported_and_changes_nothing_the_second_time(
    visitors: Visitors, tmp_path: Path
) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "elise.import", name="Cabinet Import")
    page, file = visitor.page, tmp_path / "clients-2026.xlsx"
    bad = write_clients(file, rows=_ROWS, bad=_BAD, first=62_000_000)

    _open_import(visitor, "Charger les clients depuis un fichier Excel")
    expect(page.get_by_role("dialog", name="Charger les clients depuis un fichier Excel")).to_be_visible()
    visitor.look("importer-excel", whole=False)
    _load(visitor, file)
    visitor.expect_heading("Vérifier l'import de « clients-2026.xlsx »")
    assert _figures(visitor) == {"Créés": 360, "Mis à jour": 0, "Inchangés": 0, "Rejetés": 40}
    _review_rejected(visitor, bad)
    assert _clients_of(visitor, cabinet.siret) == 1  # the firm's own: nothing is written yet

    _confirm_and_see_it_under_way(visitor)
    done = page.url
    page.get_by_role("link", name="Voir les clients").click()
    visitor.expect_heading("Clients 361")

    _load_again(visitor, file)
    page.goto(done)
    _take_back(visitor, cabinet)


def _review_rejected(visitor: Visitor, bad: list[int]) -> None:
    page = visitor.page
    page.get_by_role("link", name=re.compile("Rejetés")).click()
    visitor.expect_texts("td.short", [f"{number}" for number in bad])
    assert visitor.texts("td.wrap > div > .wrong")[:2] == [
        "SIREN invalide : la clé de contrôle ne correspond pas, vérifiez les 9 chiffres.",
        "Raison sociale manquante.",
    ]
    visitor.look("import-a-verifier", whole=False)
    with page.expect_download() as rejected:
        page.get_by_role("link", name="Télécharger les lignes rejetées").click()
    rows = _rows_of(rejected.value.path())
    assert (rows[0], len(rows)) == ((*HEADER, "Motif"), _BAD + 1)


def _confirm_and_see_it_under_way(visitor: Visitor) -> None:
    page = visitor.page
    with visitor.stack.database.transaction():
        visitor.stack.sql("LOCK TABLE clients_client IN SHARE MODE")  # the act waits, so that it is seen under way
        page.get_by_role("button", name="Confirmer l'import").click()
        expect(page.get_by_text("Vous pouvez quitter cette page.")).to_be_visible()
        page.reload()
        expect(page.locator(".jf-progress progress")).to_be_visible()
    expect(page.get_by_text("Import terminé.")).to_be_visible(timeout=_MINUTE)


def _load_again(visitor: Visitor, file: Path) -> None:
    """The same file changes nothing, and cannot be confirmed."""
    page = visitor.page
    _open_import(visitor, "Charger les clients depuis un fichier Excel")
    _load(visitor, file)
    assert _figures(visitor) == {"Créés": 0, "Mis à jour": 0, "Inchangés": 360, "Rejetés": 40}
    expect(page.get_by_text("Rien à importer")).to_be_visible()
    expect(page.get_by_role("button", name="Confirmer l'import")).to_have_count(0)


def test_template_is_offered_and_other_columns_are_said_once_and_remembered(visitors: Visitors, tmp_path: Path) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "colette.colonnes", name="Cabinet Colonnes")
    page, files = visitor.page, [tmp_path / "ancien.xlsx", tmp_path / "nouveau.xlsx"]
    for n, file in enumerate(files):
        _write_unknown(file, first=63_000_000 + 10 * n)

    with page.expect_download() as template:
        _open_import(visitor, "Télécharger le modèle Excel")
    assert template.value.suggested_filename == "modele-clients-jefacture.xlsx"
    assert _rows_of(template.value.path())[0] == tuple(LABELS.values())

    _open_import(visitor, "Charger les clients depuis un fichier Excel")
    _load(visitor, files[0], until=".jf-columns")
    visitor.expect_heading("Dites à quoi correspond chaque colonne")
    visitor.look("import-colonnes")
    page.get_by_label(re.compile("Colonne A")).select_option(label="Raison sociale")
    page.get_by_label(re.compile("Colonne C")).select_option(label="SIREN")
    page.get_by_role("button", name="Relire le fichier avec ces colonnes").click()
    expect(page.locator(".figs")).to_be_visible(timeout=_MINUTE)
    assert _figures(visitor)["Créés"] == 3

    visitor.go(f"{cabinet.path}clients/")
    _open_import(visitor, "Charger les clients depuis un fichier Excel")
    _load(visitor, files[1])
    expect(page.get_by_text("Colonnes reconnues d'après un import précédent")).to_be_visible()
    page.get_by_label("Rechercher une ligne").fill("elan")
    visitor.expect_texts("td.main", ["Élan 1"])
    page.get_by_role("link", name="Modifier les colonnes").click()
    expect(page.get_by_label(re.compile("Colonne C"))).to_have_value("siren")


def _take_back(visitor: Visitor, cabinet: Cabinet) -> None:
    """« Annuler cet import », on its page, when one of its files has been changed since."""
    page, done = visitor.page, visitor.page.url
    _build_on(visitor, cabinet.siret, "Société 0007")
    page.goto(done)
    page.get_by_role("button", name="Annuler cet import").click()
    dialog = page.get_by_role("dialog", name="Annuler cet import ?")
    expect(dialog).to_contain_text("360 lignes seront annulées")
    visitor.look("import-annuler", whole=False)
    dialog.get_by_role("button", name="Annuler cet import").click()
    expect(page.get_by_text("Import annulé.")).to_be_visible(timeout=_MINUTE)
    expect(page.get_by_role("status").filter(has_text="Import annulé")).to_contain_text(
        "359 lignes annulées, 1 laissée", use_inner_text=True
    )
    page.get_by_role("link", name="voir les lignes laissées et leur motif").click()
    visitor.expect_texts("td.wrap > div > .wrong", ["Le dossier a été modifié depuis l'import."])
    visitor.look("import-annule", whole=False)
    assert _clients_of(visitor, cabinet.siret) == 2  # the firm's own, and the one that was modified
    visitor.go(f"{cabinet.path}clients/importer/")
    expect(page.get_by_role("table", name="Imports").get_by_role("row")).to_have_count(3)
    visitor.look("imports", whole=False)


def _write_unknown(path: Path, *, first: int) -> None:
    """A sheet whose words nobody knows, and two columns that may both be the SIREN."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    sheet.append(["Dossier tenu", "SIREN", "N° SIREN", "Remarque"])
    for n, name in enumerate(("Boulangerie Ferrand", "Élan 1", "Logalease")):
        sheet.append([name, make_siren(first + n), make_siren(first + n), "suivi par Léa"])
    book.save(path)


def _build_on(visitor: Visitor, siret: str, name: str) -> None:
    """Somebody changes a file since the import."""
    query = "SELECT c.id FROM clients_client c JOIN firms_firm f ON f.id = c.firm_id WHERE f.siret = %s AND c.name = %s"
    client = visitor.stack.value(query, siret, name)
    visitor.go(f"/cabinets/{siret}/clients/{client}/modifier/")
    visitor.page.get_by_label("Ville").fill("Nice")
    visitor.page.get_by_role("button", name="Enregistrer").click()
    expect(visitor.page.get_by_text("Nice").first).to_be_visible()


def test_jedeclare_says_why_it_gave_nothing_can_be_left_and_leads_to_the_same_review(visitors: Visitors) -> None:
    visitor = visitors.new()
    cabinet = open_firm(visitor, "jade.declare", name="Cabinet Jedeclare")
    visitor.go(f"{cabinet.path}clients/")
    _open_import(visitor, "Importer depuis jedeclare.com")
    _be_refused(visitor)
    _leave_while_it_waits(visitor)
    _read_the_list_of_jedeclare(visitor)


def _be_refused(visitor: Visitor) -> None:
    """Each time with the reason, the e-mail kept and the password gone."""
    page = visitor.page
    dialog = page.get_by_role("dialog", name="Connexion à jedeclare.com")
    for email, password, words in (
        ("cabinet@jedeclare.test", "faux", "ne reconnaît pas cet e-mail ou ce mot de passe"),
        ("sansdroit@jedeclare.test", "jedeclare", "n'a pas le droit de gestion"),
        ("panne@jedeclare.test", "jedeclare", "ne répond pas pour le moment"),
    ):
        _sign_in_to_jedeclare(visitor, email, password)
        expect(dialog.locator("[data-error-summary]")).to_contain_text(words)
        expect(dialog.locator("[data-error-summary]")).to_be_focused()
        assert dialog.get_by_label("E-mail *").input_value() == email
        assert dialog.get_by_label("Mot de passe *").input_value() == ""
    dialog.get_by_label("Numéro de compte").fill("JD0")
    _sign_in_to_jedeclare(visitor, "cabinet@jedeclare.test", "jedeclare")
    expect(dialog.locator("[data-error-summary]")).to_contain_text("ne connaît pas ce compte")
    visitor.look("jedeclare-refus", whole=False)


def _leave_while_it_waits(visitor: Visitor) -> None:
    page = visitor.page
    dialog = page.get_by_role("dialog", name="Connexion à jedeclare.com")
    dialog.get_by_label("Numéro de compte").fill("")
    _sign_in_to_jedeclare(visitor, "lent@jedeclare.test", "jedeclare")
    expect(dialog.get_by_role("status")).to_contain_text("jedeclare.com prépare votre liste…")
    expect(dialog.get_by_role("button", name="Télécharger")).to_be_disabled()
    visitor.look("jedeclare-attente", whole=False)
    dialog.get_by_role("link", name="Annuler").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("rien n'est écrit sans vous.")).to_be_visible()
    visitor.expect_heading("Clients 1")


def _read_the_list_of_jedeclare(visitor: Visitor) -> None:
    page = visitor.page
    _open_import(visitor, "Importer depuis jedeclare.com")
    visitor.look("jedeclare", whole=False)
    _sign_in_to_jedeclare(visitor, "cabinet@jedeclare.test", _RECOGNISABLE)
    expect(page.locator(".figs")).to_be_visible(timeout=_MINUTE)
    visitor.expect_heading("Vérifier l'import de « jedeclare.com »")
    assert sum(_figures(visitor).values()) >= 247
    assert _places_of(visitor.stack, _RECOGNISABLE) == []
    page.get_by_role("button", name="Abandonner").click()
    expect(page.get_by_text("Import abandonné : rien n'a été écrit.")).to_be_visible()


def _places_of(stack: Stack, word: str) -> list[str]:
    """Tables, Redis and files (logs of every process and the storage) of the stack that hold this word."""
    tables = stack.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    found = [
        name for (name,) in tables if stack.value(f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE %s', f"%{word}%")
    ]
    found += [
        str(key) for key in stack.redis.scan_iter() if word.encode() in key + repr(stack.redis.dump(key)).encode()
    ]
    files = (file for file in stack.folder.rglob("*") if file.is_file())
    return found + [file.name for file in files if word.encode() in file.read_bytes()]


def _sign_in_to_jedeclare(visitor: Visitor, email: str, password: str) -> None:
    dialog = visitor.page.get_by_role("dialog", name="Connexion à jedeclare.com")
    dialog.get_by_label("E-mail *").fill(email)
    dialog.get_by_label("Mot de passe *").fill(password)
    dialog.get_by_role("button", name="Télécharger").click()
