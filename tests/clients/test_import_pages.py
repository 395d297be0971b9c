"""« Importer clients » in a browser: the file, the dry run, « Confirmer l'import », and what is said at each step."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from clients.enums import ImportState
from clients.importing.run import run_import
from clients.importing.sources import budget
from clients.models import Client, ImportJob
from common.tenancy import tenant
from firms.models import Membership
from tests.clients.browsing import browser_of, text_of
from tests.clients.test_imports import read, reload, workbook
from tests.factories import Cabinet, siren


def url(name: str, cabinet: Cabinet, job: ImportJob | None = None) -> str:
    return reverse(f"clients:{name}", args=[cabinet.firm.siret, *([job.pk] if job else [])])


def send(cabinet: Cabinet, data: bytes, *, actor: Membership | None = None) -> Any:
    file = SimpleUploadedFile("clients.xlsx", data)
    return browser_of(actor or cabinet.administrator).post(url("import", cabinet), {"file": file})


def only_job(cabinet: Cabinet) -> ImportJob:
    with tenant(firm=cabinet.firm.pk):
        return ImportJob.objects.select_related("created_by__user").get()


def test_file_is_shown_first_and_written_once_confirmed(cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.administrator)
    sent = send(cabinet, workbook([["Premys", siren(1), "Sète"], ["Faux", "123456789"]]))
    job = only_job(cabinet)
    review = url("import_review", cabinet, job)
    assert sent["Location"] == review
    assert "HX-Refresh" not in browser.get(url("import_progress", cabinet, job)).headers
    assert "clients.xlsx" in text_of(browser.get(url("running", cabinet)))
    run_import(job.pk)
    assert browser.get(url("import_progress", cabinet, job))["HX-Refresh"] == "true"
    page = text_of(browser.get(review))
    assert "Rien n'est encore écrit." in page
    assert "SIREN invalide : la clé de contrôle ne correspond pas" in page
    assert "Faux" not in text_of(browser.get(f"{review}?voir=create"))
    assert browser.post(url("import_confirm", cabinet, job), {"shown": reload(job).shown})["Location"] == review
    run_import(job.pk)
    assert "Import terminé." in text_of(browser.get(review))
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.filter(siren=siren(1)).values_list("name", "city").get() == ("Premys", "Sète")


def test_error_workbook_holds_the_rejected_rows_of_a_sheet_without_header(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Faux", "123"]], header=["Premys", siren(1)]))
    browser = browser_of(cabinet.administrator)
    chosen = {"column_0": "name", "column_1": "siren"}
    assert browser.post(url("import_columns", cabinet, job), chosen).status_code == 302
    run_import(job.pk)
    book = load_workbook(io.BytesIO(browser.get(url("import_errors", cabinet, job)).content))
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert rows[0] == ["Raison sociale", "SIREN", "Motif"]
    assert rows[1][:2] == ["Faux", "123"]
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({}, "Dites quelle colonne contient la raison sociale."),
        ({"column_0": "name"}, "Dites quelle colonne contient le SIREN, le SIRET ou le numéro de TVA."),
        ({"column_0": "name", "column_1": "name"}, "est déjà choisie pour une autre colonne."),
        ({"column_0": "zzz", "column_1": "siren"}, "Sélectionnez un choix valide."),
    ],
)
def test_columns_that_say_too_little_are_asked_again(cabinet: Cabinet, chosen: dict[str, str], sentence: str) -> None:
    job = read(cabinet.administrator, workbook([["Premys", siren(1)]], header=["Truc", "Machin"]))
    answer = browser_of(cabinet.administrator).post(url("import_columns", cabinet, job), chosen)
    assert (answer.status_code, reload(job).state) == (422, ImportState.MAPPING)
    assert sentence in text_of(answer)


def test_file_that_is_missing_empty_or_too_large_is_refused_at_once(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(cabinet.administrator)
    assert "Choisissez un fichier." in text_of(browser.post(url("import", cabinet), {"other": "1"}))
    assert "Ce fichier est vide." in text_of(send(cabinet, b""))
    monkeypatch.setattr(budget, "MAX_FILE_BYTES", 1024 * 1024)
    answer = send(cabinet, b"x" * (2 * 1024 * 1024))
    assert answer.status_code == 422
    assert "Le fichier est trop grand : 2 Mo, pour 1 Mo au plus." in text_of(answer)
    with tenant(firm=cabinet.firm.pk):
        assert ImportJob.objects.count() == 0


def test_given_up_import_cannot_be_confirmed_and_says_so(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Premys", siren(1)]]))
    browser = browser_of(cabinet.administrator)
    assert "rien n'a été écrit" in text_of(browser.post(url("import_cancel", cabinet, job), follow=True))
    again = browser.post(url("import_confirm", cabinet, job), follow=True)
    assert "Cet import est déjà « Abandonné »." in text_of(again)
    assert reload(job).state == ImportState.CANCELLED


def test_import_of_a_colleague_is_the_administrateur_s_to_see(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    job = read(cabinet.assigned, workbook([["Premys", siren(1)]]))
    codes = [
        browser_of(member).get(url("import_review", cabinet, job)).status_code
        for member in (cabinet.administrator, cabinet.assigned, cabinet.unassigned, other_cabinet.administrator)
    ]
    assert codes == [200, 200, 404, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_review_costs_the_same_whatever_its_length(
    cabinet: Cabinet, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = read(cabinet.administrator, workbook([[f"Client {n}", siren(n)] for n in range(1, rows + 1)]))
    browser = browser_of(cabinet.administrator)
    browser.get(url("import_review", cabinet, job))
    with django_assert_num_queries(10):
        browser.get(url("import_review", cabinet, job))


def test_template_is_a_workbook(cabinet: Cabinet) -> None:
    answer = browser_of(cabinet.assigned).get(url("import_template", cabinet))
    assert answer["Content-Disposition"] == 'attachment; filename="modele-clients-jefacture.xlsx"'
    assert load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "Clients"
