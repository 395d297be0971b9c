"""« Importer clients » in a browser: the file, the dry run, « Confirmer l'import », and what is said at each step."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from clients.enums import ImportState
from clients.importing.run import run_import
from clients.importing.sources import budget
from clients.models import Client, ImportJob
from clients.services import assign, create_client
from common.identifiers import vat_of_siren
from common.models import JournalEntry
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
    with django_assert_num_queries(11):
        browser.get(url("import_review", cabinet, job))


def test_template_is_a_workbook(cabinet: Cabinet) -> None:
    answer = browser_of(cabinet.assigned).get(url("import_template", cabinet))
    assert answer["Content-Disposition"] == 'attachment; filename="modele-clients-jefacture.xlsx"'
    assert load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "Clients"


def found(cabinet: Cabinet, job: ImportJob, **asked: str) -> list[str]:
    """Numbers of the lines that the page shows when it is asked so."""
    answer = browser_of(cabinet.administrator).get(url("import_review", cabinet, job), asked)
    return re.findall(r'data-label="Ligne">(\d+)</td>', answer.content.decode())


def test_rows_are_found_by_name_siren_line_outcome_doubt_and_value_that_changes(cabinet: Cabinet) -> None:
    for n, name in ((3, "Logalease"), (4, "Vasseur")):
        create_client(cabinet.administrator, values={"name": name, "siren": siren(n), "city": "Lyon"})
    rows = [
        ["Électricité Œuvrard", siren(1)],
        ["Premys", siren(2), "", "", "inconnu@ailleurs.test"],
        ["Logalease", siren(3), "Paris"],
        ["Vasseur & Fils", siren(4)],
        ["Faux", "123456789"],
    ]
    job = read(cabinet.administrator, workbook(rows))
    assert found(cabinet, job, q="electricite oeuv") == ["2"]
    assert found(cabinet, job, q=f"{siren(2)[:3]} {siren(2)[3:]}") == ["3"]
    assert found(cabinet, job, q="6") == ["6"]
    assert found(cabinet, job, voir="reject") == ["6"]
    assert found(cabinet, job, verifier="true") == ["3"]
    assert found(cabinet, job, champ="city") == ["4"]
    assert found(cabinet, job, champ="name", voir="update") == ["5"]
    assert found(cabinet, job, voir="n'importe quoi") == []
    page = text_of(browser_of(cabinet.administrator).get(url("import_review", cabinet, job)))
    assert "À vérifier 1" in page
    assert "2 valeurs changent" in page
    assert "Ville : Lyon → Paris" in page


def test_page_says_how_many_clients_are_confirmed_and_shows_who_comes(cabinet: Cabinet) -> None:
    client = create_client(cabinet.administrator, values={"name": "Premys", "siren": siren(1)})
    assign(cabinet.administrator, client=client, member=cabinet.assigned)
    one, other = cabinet.assigned.user.contact_email, cabinet.unassigned.user.contact_email
    rows = [["Premys", siren(1), "", "", f"{one}, {other}"], ["Neuf", siren(2)], ["Faux", "1"]]
    job = read(cabinet.administrator, workbook(rows))
    page = text_of(browser_of(cabinet.administrator).get(url("import_review", cabinet, job)))
    assert "2 clients Confirmer l'import" in page
    assert f"Collaborateurs affectés : + {cabinet.unassigned.user}" in page
    assert other not in page


def test_confirming_or_giving_up_twice_is_done_once(cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.administrator)
    confirmed, given_up = (read(cabinet.administrator, workbook([[f"Client {n}", siren(n)]])) for n in (1, 2))
    for _press in range(2):
        browser.post(url("import_confirm", cabinet, confirmed), {"shown": confirmed.shown})
        browser.post(url("import_cancel", cabinet, given_up))
    run_import(confirmed.pk)
    page = browser.post(url("import_confirm", cabinet, confirmed), {"shown": confirmed.shown}, follow=True)
    assert "Cet import est déjà" not in text_of(page)
    with tenant(firm=cabinet.firm.pk):
        lines = JournalEntry.objects.filter(action__in=("import.confirmed", "import.done", "import.cancelled"))
        assert sorted(lines.values_list("action", flat=True)) == ["import.cancelled", "import.confirmed", "import.done"]


def test_only_what_the_page_showed_is_confirmed(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Premys", siren(1), "Sète"]]))
    browser = browser_of(cabinet.administrator)
    chosen = {"column_0": "name", "column_1": "siren"}
    browser.post(url("import_columns", cabinet, job), chosen)
    run_import(job.pk)
    answer = browser.post(url("import_confirm", cabinet, job), {"shown": job.shown}, follow=True)
    assert "L'analyse a changé depuis que vous l'avez lue" in text_of(answer)
    again = reload(job)
    assert again.state == ImportState.READY
    browser.post(url("import_confirm", cabinet, job), {"shown": again.shown})
    run_import(job.pk)
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.get(siren=siren(1)).city == ""


def test_directory_that_changed_is_read_and_shown_again(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Premys", siren(1)]]))
    create_client(cabinet.administrator, values={"name": "Premys (à la main)", "siren": siren(1)})
    browser = browser_of(cabinet.administrator)
    for _press in range(2):
        browser.post(url("import_confirm", cabinet, job), {"shown": job.shown})
    run_import(job.pk)
    page = text_of(browser.get(url("import_review", cabinet, job)))
    assert "Vos clients ont changé depuis la première analyse" in page
    assert reload(job).state == ImportState.READY


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_import_is_listed_at_the_same_cost(
    cabinet: Cabinet, other_cabinet: Cabinet, jobs: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    read(other_cabinet.administrator, workbook([["Ailleurs", siren(9)]]), name="ailleurs.xlsx")
    for n in range(jobs):
        read(cabinet.assigned, workbook([[f"Client {n}", siren(n)]]), name=f"fichier-{n}.xlsx")
    browser = browser_of(cabinet.administrator)
    browser.get(url("import", cabinet))
    with django_assert_num_queries(10):
        answer = browser.get(url("import", cabinet))
    assert re.findall(r">(\w+-?\d*\.xlsx)</a>", answer.content.decode()) == [
        f"fichier-{n}.xlsx" for n in reversed(range(jobs))
    ]
    assert f"{cabinet.assigned.user} À confirmer 1 — —" in text_of(answer).replace("Fichier ", "")


def test_new_file_shows_what_was_understood_of_its_cells(cabinet: Cabinet) -> None:
    header = ["Raison sociale", "SIREN", "Code postal", "Ville", "Pays"]
    job = read(
        cabinet.administrator, workbook([["Premys", siren(1), 1000, "Bourg-en-Bresse", "France"]], header=header)
    )

    page = html.fromstring(browser_of(cabinet.administrator).get(url("import_review", cabinet, job)).content)

    assert page.xpath('//td[@data-label="Détail"]//div[@class="sub"]/text()') == [
        f"01000 · Bourg-en-Bresse · FR · {vat_of_siren(siren(1))}"
    ]
