"""A password typed for jedeclare.com is nowhere afterwards, whatever became of the import."""

import base64
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import redis
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpRequest
from django.test import Client as Browser
from django.urls import reverse
from django.views.debug import ExceptionReporter
from pytest_django import Settings

from clients.importing.run import run_import
from clients.models import Client, ImportJob
from common.tenancy import tenant
from tests import services
from tests.clients.browsing import browser_of
from tests.factories import Cabinet

EMAIL, PASSWORD = "cabinet@jedeclare.test", "Mot-de-passe-7413-reconnaissable"


def forms_of(password: str, email: str) -> tuple[str, ...]:
    basic = base64.b64encode(f"{email}:{password}".encode()).decode()
    return password, quote(password), basic, quote(basic), base64.b64encode(password.encode()).decode()


def elsewhere(settings: Settings, address: str) -> None:
    settings.JEDECLARE_URL = address


def no_storage(settings: Settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": "/dev/null/nowhere"}},
    }


def impatient(settings: Settings) -> None:
    settings.JEDECLARE_TIMEOUT = 0.2


OUTCOMES: dict[str, tuple[str, str, Callable[[Settings], None] | None, int]] = {
    "success": (EMAIL, PASSWORD, None, 302),
    "wrong credentials": (EMAIL, f"{PASSWORD}!", None, 422),
    "no right": ("sansdroit@jedeclare.test", PASSWORD, None, 422),
    "service down": ("panne@jedeclare.test", PASSWORD, None, 422),
    "time-out": ("lent@jedeclare.test", PASSWORD, impatient, 422),
    "nobody there": (EMAIL, PASSWORD, lambda settings: elsewhere(settings, "http://127.0.0.1:1"), 422),
    "wrong e-mail": ("pas une adresse", PASSWORD, None, 422),
    "fault in the call": (EMAIL, PASSWORD, lambda settings: elsewhere(settings, "http://["), 500),
    "fault in what follows": (EMAIL, PASSWORD, no_storage, 500),
}


# With DEBUG more is logged, each SQL statement for one; only the page of a fault is another without it.
@pytest.mark.parametrize(
    ("outcome", "debug"),
    [*((outcome, True) for outcome in OUTCOMES), ("fault in the call", False), ("fault in what follows", False)],
)
def test_password_is_nowhere(
    cabinet: Cabinet, jedeclare: str, settings: Settings, outcome: str, *, debug: bool
) -> None:
    email, password, change, code = OUTCOMES[outcome]
    settings.JEDECLARE_URL, settings.DEBUG = jedeclare, debug
    if change:
        change(settings)
    browser = browser_of(cabinet.assigned)
    browser.raise_request_exception = False
    with listening() as heard, reporting() as reports:
        answer = post(browser, cabinet, email, password)
        read_what_was_started(cabinet)
    assert (answer.status_code, len(reports)) == (code, 3 if code == 500 else 0)
    places = {
        "answer": answer.content.decode(),
        "logs": "\n".join(heard),
        "reports": "\n".join(reports),
        "database": "\n".join(every_row()),
        "sessions": repr([session.get_decoded() for session in Session.objects.all()]),
        "Redis": "\n".join(everything_in_redis()),
        "files": "\n".join(every_file()),
    }
    found = [place for place, text in places.items() if any(form in text for form in forms_of(password, email))]
    assert found == []


def test_each_place_is_really_looked_in(cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.assigned)
    with listening() as heard:
        logging.getLogger("django").warning("%s", PASSWORD)
    session = browser.session
    session["kept"] = PASSWORD
    session.save()
    cache.set("kept", {"password": PASSWORD})
    name = default_storage.save("left", ContentFile(PASSWORD.encode()))
    with tenant(firm=cabinet.firm.pk):
        Client.objects.update(city=PASSWORD)
    try:
        places = ["\n".join(heard), "\n".join(every_row()), "\n".join(everything_in_redis()), "\n".join(every_file())]
        places.append(repr([kept.get_decoded() for kept in Session.objects.all()]))
        assert [PASSWORD in place for place in places] == [True] * 5
    finally:
        default_storage.delete(name)


def post(browser: Browser, cabinet: Cabinet, email: str, password: str) -> Any:
    form = {"email": email, "password": password}
    return browser.post(reverse("clients:import_jedeclare", args=[cabinet.firm.siret]), form)


def read_what_was_started(cabinet: Cabinet) -> None:
    with tenant(firm=cabinet.firm.pk):
        jobs = list(ImportJob.objects.values_list("pk", flat=True))
    for pk in jobs:
        run_import(pk)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Every line that any logger writes, debugging ones included, with all that its record carries."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(f"{self.format(record)} {record.__dict__!r}")

    root, listener = logging.getLogger(), Listener()
    before = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(listener)
        root.setLevel(before)


@contextmanager
def reporting() -> Iterator[list[str]]:
    """Three reports of each error: the page and the e-mail that Django makes, and one that shows every variable."""
    reports: list[str] = []

    def report(sender: object, request: HttpRequest, **_: Any) -> None:
        kind, error, trace = sys.exc_info()
        assert error is not None
        reporter = ExceptionReporter(request, kind, error, trace, is_email=True)
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        reports.extend([reporter.get_traceback_html(), reporter.get_traceback_text(), "".join(shown.format())])

    got_request_exception.connect(report)
    try:
        yield reports
    finally:
        got_request_exception.disconnect(report)


def every_row() -> list[str]:
    with tenant(platform="the test searches every table"), connection.cursor() as cursor:
        rows: list[str] = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [text for (text,) in cursor.fetchall()]
    return rows


def everything_in_redis() -> list[str]:
    with redis.Redis(port=services.current().redis_port) as client:
        read: dict[bytes, Callable[[bytes], Any]] = {
            b"string": client.get,
            b"list": lambda key: client.lrange(key, 0, -1),
            b"hash": client.hgetall,
            b"set": client.smembers,
            b"zset": lambda key: client.zrange(key, 0, -1),
        }
        return [f"{key!r} {read[client.type(key)](key)!r}" for key in client.scan_iter()]


def every_file() -> list[str]:
    """Of the storage, and of the folder in which this run keeps its logs and servers."""
    folders = [Path(str(default_storage.path(""))), services.current().folder]
    files = [
        file for folder in folders for file in folder.rglob("*") if file.is_file() and "postgres" not in file.parts
    ]
    # What is looked for is ASCII: in Latin-1 any bytes are text, at once.
    return [f"{file.name} {file.read_bytes().decode('latin-1')}" for file in files]
