"""« Quelle colonne contient quoi »: what a person says of a sheet's columns, and what is remembered of it."""

from clients.enums import ImportState
from clients.importing.run import run_import
from clients.models import ImportRow
from common.tenancy import tenant
from tests.clients.browsing import browser_of, text_of
from tests.clients.test_import_pages import url
from tests.clients.test_imports import act, read, workbook
from tests.factories import Cabinet, siren


def test_chosen_columns_are_remembered_for_the_firm_alone(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    header = ["Dossier tenu", "Numéro légal", "Remarque", "Ville"]
    data = [workbook([[f"Client {n}", siren(n), "vu", "Sète"]], header=header) for n in (1, 2)]
    job = read(cabinet.administrator, data[0])
    browser = browser_of(cabinet.administrator)
    page = text_of(browser.get(url("import_review", cabinet, job)))
    assert "Colonne A Dossier tenu" in page
    assert f"Client 1 {siren(1)} vu Sète" in page
    browser.post(url("import_columns", cabinet, job), {"column_0": "name", "column_1": "siren", "column_3": "city"})
    run_import(job.pk)
    assert "d'après un import précédent" not in text_of(browser.get(url("import_review", cabinet, job)))
    second = read(cabinet.administrator, data[1])
    assert second.columns == {"Raison sociale": "A", "SIREN": "B", "Ville": "D"}
    page = text_of(browser.get(url("import_review", cabinet, second)))
    assert "Colonnes reconnues d'après un import précédent : Raison sociale (A), SIREN (B), Ville (D)." in page
    assert "Colonne ignorée : Remarque (C)." in page
    assert read(other_cabinet.administrator, data[1]).state == ImportState.MAPPING


def test_wording_that_was_remembered_wrongly_is_said_again(cabinet: Cabinet) -> None:
    header, browser = ["Raison sociale", "SIREN", "Lieu", "Ville"], browser_of(cabinet.administrator)
    data = workbook([["Premys", siren(1), "Sète", "Paris"]], header=header)
    right = {"column_0": "name", "column_1": "siren", "column_2": "city"}
    for chosen in ({"column_0": "name", "column_1": "siren", "column_2": "street"}, right):
        job = read(cabinet.administrator, data)
        assert "Colonne C Lieu" in text_of(browser.get(url("import_columns", cabinet, job)))
        browser.post(url("import_columns", cabinet, job), chosen)
        run_import(job.pk)
    with tenant(firm=cabinet.firm.pk):
        assert ImportRow.objects.get(job=job).values["city"] == "Sète"
    assert read(cabinet.administrator, data).columns == {"Raison sociale": "A", "SIREN": "B", "Ville": "C"}


def test_columns_that_compete_are_shown(cabinet: Cabinet) -> None:
    job = read(
        cabinet.administrator, workbook([["Premys", siren(1), siren(2)]], header=["Société", "SIREN", "N° SIREN"])
    )
    page = text_of(browser_of(cabinet.administrator).get(url("import_review", cabinet, job)))
    assert "« SIREN » est dans plusieurs colonnes (B, C)" in page
    assert page.count("Peut être : SIREN") == 2


def test_columns_of_an_import_that_is_done_are_not_to_be_said(cabinet: Cabinet) -> None:
    job = act(read(cabinet.administrator, workbook([["Premys", siren(1)]])))
    browser = browser_of(cabinet.administrator)
    assert browser.get(url("import_columns", cabinet, job))["Location"] == url("import_review", cabinet, job)
    said = browser.post(url("import_columns", cabinet, job), {"column_0": "name", "column_1": "siren"}, follow=True)
    assert "Cet import est déjà « Terminé »." in text_of(said)
