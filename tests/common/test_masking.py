"""An API key that was pasted where none belongs is masked: in the journal, on error pages, in error reports."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.test import Client as Browser
from django.test import RequestFactory
from django.views.debug import get_exception_reporter_class, technical_500_response
from psycopg import sql

from clients.models import Client
from common.journal import record, record_each, record_found
from common.models import JournalEntry
from common.tenancy import tenant
from tests.browsing import signed_in
from tests.factories import Cabinet, make_cabinet, make_client

KEY = "jf_" + "Zk9-_" * 8 + "abc"
MASKED = "jf_Zk9-_Z…"
DATA: dict[str, Any] = {"before": {"code": KEY}, "after": {"code": f"« {KEY} »", KEY: 1}, "list": [KEY, 2, None, True]}


@pytest.fixture
def cabinet(db: None) -> Cabinet:
    return make_cabinet()


def _by_record(cabinet: Cabinet, client: Client) -> None:
    record(cabinet.administrator, "test.done", client, **DATA)


def _by_record_each(cabinet: Cabinet, client: Client) -> None:
    record_each(cabinet.administrator, "test.done", [(client, DATA)])


def _by_sql(cabinet: Cabinet, client: Client) -> None:
    found = sql.SQL("SELECT {}::uuid, {}, {}::jsonb").format(client.pk, str(client), _JSON)
    record_found(cabinet.administrator, "test.done", Client, found)


_JSON = (
    f'{{"before": {{"code": "{KEY}"}}, "after": {{"code": "« {KEY} »", "{KEY}": 1}}, "list": ["{KEY}", 2, null, true]}}'
)


@pytest.mark.parametrize("write", [_by_record, _by_record_each, _by_sql])
def test_key_in_a_line_of_the_journal_is_masked(cabinet: Cabinet, write: Callable[[Cabinet, Client], None]) -> None:
    client = make_client(cabinet.firm, name=f"Client {KEY}")
    with tenant(firm=cabinet.firm.pk):
        write(cabinet, client)
        line = JournalEntry.objects.get(action="test.done")
    assert line.data == {
        "before": {"code": MASKED},
        "after": {"code": f"« {MASKED} »", MASKED: 1},
        "list": [MASKED, 2, None, True],
    }
    assert (KEY in line.object_label, MASKED in line.object_label) == (False, True)


def test_key_typed_into_a_client_file_is_masked_in_its_journal(cabinet: Cabinet) -> None:
    browser = signed_in(cabinet.administrator.user)
    siret = cabinet.firm.siret
    answer = browser.post(
        f"/cabinets/{siret}/clients/nouveau/", {"siren": "552100554", "name": f"Petit {KEY[:40]}", "country": "FR"}
    )
    browser.get(answer["Location"])  # which says once that « … » was created
    page = browser.get(f"/cabinets/{siret}/journal/").content.decode()
    assert (KEY[:40] in page, f"Petit {MASKED}" in page) == (False, True)


@pytest.mark.parametrize(
    ("address", "status"), [(f"/{KEY}/", 404), (f"/comapi/{KEY}", 404), (f"/invitation/{KEY}/?cle={KEY}", 404)]
)
def test_error_pages_do_not_repeat_the_key(db: None, address: str, status: int) -> None:
    answer = Browser(headers={"X-API-KEY": KEY}).get(address)
    assert (answer.status_code, KEY in answer.content.decode()) == (status, False)


def test_djangos_page_for_an_unknown_address_does_not_repeat_the_key(db: None, settings: Any) -> None:
    settings.DEBUG = True
    answer = Browser(headers={"X-API-KEY": KEY}).get(f"/{KEY}/?cle={KEY}")
    page = answer.content.decode()
    assert (answer.status_code, "DEBUG = True" in page, KEY in page, MASKED in page) == (404, True, False, True)


def _look_up(request: HttpRequest) -> None:
    key = request.headers["X-API-KEY"]
    raise ValueError(f"unknown: {key}")


@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_report_of_an_exception_masks_the_key(accept: str) -> None:
    """In its message, its frames' variables, what was posted and the headers: what developers see, and mails."""
    request = RequestFactory().post("/", {"cle": KEY}, headers={"X-API-KEY": KEY, "accept": accept})
    with pytest.raises(ValueError, match="unknown") as failed:
        _look_up(request)
    page = technical_500_response(request, failed.type, failed.value, failed.tb).content.decode()
    assert (KEY in page, f"unknown: {MASKED}" in page) == (False, True)
    assert get_exception_reporter_class(request).__module__ == "common.errors"


def test_line_that_names_no_key_is_untouched(cabinet: Cabinet) -> None:
    pk = str(uuid4())
    with tenant(firm=cabinet.firm.pk):
        record(cabinet.administrator, "test.done", cabinet.client, pk=pk, code="jf_court")
        line = JournalEntry.objects.get(action="test.done")
    assert (line.data, line.object_label) == ({"pk": pk, "code": "jf_court"}, str(cabinet.client))
