"""« Connexion à jedeclare.com »: credentials used once, and what is said when they do not open anything."""

import socket
import threading
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.urls import reverse
from lxml import html
from pytest_django import Settings

from clients.enums import ImportSource, ImportState
from clients.importing.run import run_import
from clients.importing.sources.jedeclare import NAMESPACE
from clients.models import ImportJob, ImportWording
from common.tenancy import tenant
from tests import services
from tests.clients.browsing import browser_of, text_of
from tests.clients.test_imports import reload
from tests.factories import Cabinet, make_cabinet


@pytest.fixture(autouse=True)
def _at_the_stand_in(jedeclare: str, settings: Settings) -> None:
    settings.JEDECLARE_URL = jedeclare


def connect(cabinet: Cabinet, email: str, password: str = "jedeclare", *, account: str = "", **headers: str) -> Any:
    address = reverse("clients:import_jedeclare", args=[cabinet.firm.siret])
    form = {"email": email, "password": password, "account": account}
    return browser_of(cabinet.assigned).post(address, form, headers=headers)


def jobs(cabinet: Cabinet) -> list[ImportJob]:
    with tenant(firm=cabinet.firm.pk):
        return list(ImportJob.objects.all())


def test_files_of_jedeclare_go_through_the_same_dry_run(cabinet: Cabinet) -> None:
    answer = connect(cabinet, "cabinet@jedeclare.test")
    [job] = jobs(cabinet)
    assert answer["Location"] == reverse("clients:import_review", args=[cabinet.firm.siret, job.pk])
    run_import(job.pk)
    done = reload(job)
    assert (done.source, done.state) == (ImportSource.JEDECLARE, ImportState.READY)
    assert sum(done.counts.values()) > 200


def test_its_columns_are_not_to_be_chosen(cabinet: Cabinet) -> None:
    with tenant(firm=cabinet.firm.pk):
        ImportWording.objects.create(firm=cabinet.firm, key="siren", field="")  # of the firm's own sheets
    connect(cabinet, "cabinet@jedeclare.test")
    [job] = jobs(cabinet)
    run_import(job.pk)
    address = reverse("clients:import_columns", args=[cabinet.firm.siret, job.pk])
    crafted = {"column_1": "name", "column_5": "siren"}
    page = browser_of(cabinet.assigned).post(address, crafted, follow=True)
    assert "Les colonnes de jedeclare.com ne se choisissent pas." in text_of(page)
    assert (reload(job).state, reload(job).chosen_columns) == (ImportState.READY, None)


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("cabinet@jedeclare.test", "faux", "jedeclare.com ne reconnaît pas cet e-mail ou ce mot de passe."),
        ("sansdroit@jedeclare.test", "jedeclare", "n'a pas le droit de gestion des dossiers clients."),
        ("panne@jedeclare.test", "jedeclare", "jedeclare.com ne répond pas pour le moment."),
        ("pas une adresse", "jedeclare", "Cette adresse e-mail n'est pas valable."),
        ("cabinet@jedeclare.test", "", "Ce champ est obligatoire."),
    ],
)
def test_each_failure_is_told_apart_and_the_password_is_not_shown_again(
    cabinet: Cabinet, email: str, password: str, sentence: str
) -> None:
    answer = connect(cabinet, email, password)
    assert (answer.status_code, jobs(cabinet)) == (422, [])
    assert sentence in text_of(answer)
    assert f'value="{password or "jedeclare"}"' not in answer.content.decode()


def test_account_that_is_unknown_is_said_beside_its_field(cabinet: Cabinet) -> None:
    page: Any = html.fromstring(connect(cabinet, "cabinet@jedeclare.test", account="JD0").content)
    [field] = page.xpath('//input[@name="account"]/ancestor::div[contains(@class, "jf-field")]')
    assert "jedeclare.com ne connaît pas ce compte." in field.text_content()
    assert page.xpath('//input[@name="email"]/@value') == ["cabinet@jedeclare.test"]


def test_service_that_takes_too_long_is_given_up(cabinet: Cabinet, settings: Settings) -> None:
    settings.JEDECLARE_TIMEOUT = 0.2
    answer = connect(cabinet, "lent@jedeclare.test")
    assert (answer.status_code, jobs(cabinet)) == (422, [])
    assert "jedeclare.com ne répond pas pour le moment." in text_of(answer)


def test_dialog_is_answered_with_the_same_part_or_led_to_the_import(cabinet: Cabinet) -> None:
    refused = connect(cabinet, "panne@jedeclare.test", hx_request="true")
    page: Any = html.fromstring(refused.content)
    [part] = page.xpath("//form[@data-dialog-part]")
    assert (refused.status_code, part.get("hx-post")) == (200, part.get("action"))
    assert "jedeclare.com ne répond pas pour le moment." in part.text_content()

    led = connect(cabinet, "cabinet@jedeclare.test", hx_request="true")
    [job] = jobs(cabinet)
    assert led["HX-Redirect"] == reverse("clients:import_review", args=[cabinet.firm.siret, job.pk])


def test_guessing_of_credentials_is_slowed(cabinet: Cabinet) -> None:
    codes = [connect(cabinet, "cabinet@jedeclare.test", "faux").status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


@pytest.mark.django_db(transaction=True)
def test_waiting_for_jedeclare_holds_no_transaction(settings: Settings) -> None:
    cabinet = make_cabinet()
    codes = []

    def wait() -> None:
        codes.append(connect(cabinet, "cabinet@jedeclare.test", account="JD1").status_code)
        connection.close()

    answer = f'<dossierClient xmlns="{NAMESPACE}"/>'.encode()
    with socket.create_server(("127.0.0.1", 0)) as jedeclare:
        settings.JEDECLARE_URL = f"http://127.0.0.1:{jedeclare.getsockname()[1]}"
        jedeclare.settimeout(10)
        thread = threading.Thread(target=wait)
        thread.start()
        with jedeclare.accept()[0] as call:
            call.recv(65536)
            held = sessions_in_a_transaction()
            call.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer))
            thread.join()
    assert (held, codes) == (0, [302])


def sessions_in_a_transaction() -> int:
    running = services.current()
    with psycopg.connect(running.server.url(running.database)) as superuser:  # who sees what others are doing
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
        )
        return int(superuser.execute(query).fetchall()[0][0])
