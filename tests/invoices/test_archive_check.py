"""The archive is what it was kept: whatever somebody with the database or the storage changes is named."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client as Browser
from django.utils import timezone

from common import vault
from common.chain_check import Report
from common.chains import seal_all
from common.integrity import listing, rolling
from common.integrity.listing import check_whole_listing
from common.models import ArchiveRound, KeptObject
from common.tenancy import tenant
from invoices.models import Deposit, EventSeal, InvoiceEvent, InvoiceFile
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.invoices.verifying import found, verify

Owner = psycopg.Connection[Any]


@pytest.fixture
def kept(empty_storage: None, space: Space) -> tuple[Space, Deposit]:
    """An invoice from a UBL file (the original, what leaves) and a file that is none, all of it sealed."""
    filed = deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="ubl"), name="f.xml")
    deposit(space, b"rien", name="rien.txt")
    seal_all()
    assert verify() == []
    return space, filed


def files_of(space: Space) -> list[InvoiceFile]:
    with tenant(company=space.company.pk):
        return list(InvoiceFile.objects.order_by("kind"))


def add_event(filed: Deposit, text: str) -> None:
    """Inside the company's tenant."""
    assert filed.invoice is not None
    InvoiceEvent.objects.create(company=filed.company, invoice=filed.invoice, kind="x", actor="A", text=text)


def old(name: str) -> None:
    """As if it had been written long ago."""
    past = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(default_storage.path(name), (past, past))


def test_every_object_is_in_the_register_with_the_row_that_names_it(kept: tuple[Space, Deposit]) -> None:
    space, _filed = kept
    with tenant(company=space.company.pk):
        lines = set(KeptObject.objects.values_list("source", "source_id", "name", "sha256"))
        rows = {("invoices_deposit", d.pk, d.stored_as, d.sha256) for d in Deposit.objects.all()}
    rows |= {("invoices_invoicefile", f.pk, f.stored_as, f.sha256) for f in files_of(space)}
    assert lines == rows
    assert len(lines) == 4


def test_altered_missing_and_added_objects_are_named(kept: tuple[Space, Deposit]) -> None:
    space, filed = kept
    outgoing = next(file for file in files_of(space) if file.stored_as != filed.stored_as)
    path = Path(default_storage.path(outgoing.stored_as))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    default_storage.delete(filed.stored_as)
    added = [default_storage.save(name, ContentFile(b"x")) for name in ("factures/aa/intrus", "ailleurs")]
    for name in added:
        old(name)
    try:
        assert sorted(found("object")) == [
            ("added", "ailleurs"),
            ("added", "factures/aa/intrus"),
            ("altered", outgoing.stored_as),
            ("missing", filed.stored_as),
        ]
    finally:
        for name in added:
            default_storage.delete(name)


def test_object_of_a_transaction_that_goes_on_is_waited_for(
    kept: tuple[Space, Deposit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "GRACE", timedelta(seconds=0.3))
    name = vault.keep_bytes(b"in the making", folder="factures").name

    def row_comes(_seconds: float) -> None:
        with tenant(company=kept[0].company.pk):
            KeptObject.objects.get_or_create(
                company_id=kept[0].company.pk, source="t", source_id=kept[0].company.pk, name=name, size=1, sha256="0"
            )

    report = Report()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(time, "sleep", row_comes)
        check_whole_listing(report)
    assert report.problems == []

    left = vault.keep_bytes(b"of a worker that was killed", folder="factures").name
    check_whole_listing(report)
    assert [(each["problem"], each["object"]) for each in report.problems] == [("added", left)]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE invoices_invoiceevent SET text = 'Autre chose' WHERE id = {event}", "altered"),
        ("UPDATE invoices_invoiceevent SET at = at - interval '1 day' WHERE id = {event}", "altered"),
        ("DELETE FROM invoices_invoiceevent WHERE id = {event}", "removed"),
        ("DELETE FROM invoices_eventseal WHERE id = {event}", "seals_missing"),
    ],
)
def test_altered_and_removed_events_are_named(
    kept: tuple[Space, Deposit], tables: Owner, statement: str, problem: str
) -> None:
    space, filed = kept
    with tenant(company=space.company.pk):
        add_event(filed, "Après")
    seal_all()
    with tenant(company=space.company.pk):
        event = InvoiceEvent.objects.order_by("id").first()
    assert event is not None
    tables.execute(statement.format(event=event.pk))
    problems = verify()
    assert (problems[0]["problem"], problems[0]["what"], problems[0]["chain"]) == (
        problem, "InvoiceEvent", str(space.company.pk),
    )  # fmt: skip
    assert len(problems) == 1
    assert problem == "seals_missing" or problems[0]["line"] == event.pk


def test_events_in_another_order_are_named(kept: tuple[Space, Deposit], tables: Owner) -> None:
    space, filed = kept
    with tenant(company=space.company.pk):
        for text in ("deux", "trois"):
            add_event(filed, text)
    seal_all()
    with tenant(company=space.company.pk):
        *_, second, third = InvoiceEvent.objects.order_by("id").values_list("id", flat=True)
    for before, after in ((second, -1), (third, second), (-1, third)):
        tables.execute("UPDATE invoices_invoiceevent SET id = %s WHERE id = %s", [after, before])
    assert [problem for problem, _line in found("line")] == ["altered", "altered"]


def test_end_of_a_timeline_that_was_cut_off_is_found_by_a_head_of_the_log(
    kept: tuple[Space, Deposit], tables: Owner
) -> None:
    space, filed = kept
    with tenant(company=space.company.pk):
        add_event(filed, "Fin")
    with structlog.testing.capture_logs() as logs:
        seal_all()
    (told,) = (line for line in logs if line["event"] == "archive.events_sealed")
    head = f"{told['chain']}:{told['position']}:{told['hash']}"
    with tenant(platform="a test reads the last seal"):
        last = EventSeal.objects.latest("position").pk
    tables.execute("DELETE FROM invoices_invoiceevent WHERE id = %s", [last])
    tables.execute("DELETE FROM invoices_eventseal WHERE id = %s", [last])
    assert verify() == []
    assert [problem["problem"] for problem in verify(head)] == ["cut"]


def test_whoever_changes_the_row_and_the_object_alike_is_found_by_the_register(
    kept: tuple[Space, Deposit], tables: Owner
) -> None:
    space, filed = kept
    outgoing = next(file for file in files_of(space) if file.stored_as != filed.stored_as)
    with default_storage.open(outgoing.stored_as, "wb") as file:
        file.write(b"faux")
    table = "invoices_invoicefile"
    for what in ("DISABLE", "ENABLE"):
        if what == "ENABLE":
            tables.execute(f"UPDATE {table} SET sha256 = 'faux', size = 4 WHERE id = %s", [outgoing.pk])
        tables.execute(f"ALTER TABLE {table} {what} TRIGGER USER")
    assert found("object") == [("row_altered", outgoing.stored_as), ("altered", outgoing.stored_as)]

    tables.execute("UPDATE common_keptobject SET sha256 = 'faux', size = 4 WHERE name = %s", [outgoing.stored_as])
    assert [(each["problem"], each.get("what")) for each in verify()] == [("altered", "KeptObject"), ("altered", None)]


def test_row_that_names_kept_bytes_cannot_go_nor_change_them(kept: tuple[Space, Deposit], tables: Owner) -> None:
    _space, filed = kept
    for statement in (
        "DELETE FROM invoices_deposit",
        "DELETE FROM invoices_invoicefile",
        "DELETE FROM invoices_invoice",
        "UPDATE invoices_deposit SET sha256 = 'x'",
        "UPDATE invoices_invoicefile SET stored_as = 'x'",
    ):
        with pytest.raises(psycopg.errors.RestrictViolation):
            tables.execute(statement)
    with pytest.raises(vault.StillKeptError):
        vault.forget(filed.stored_as)
    assert verify() == []


def test_rolling_look_goes_through_all_of_it_and_tells_what_it_found(
    kept: tuple[Space, Deposit], client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _space, filed = kept
    Path(default_storage.path(filed.stored_as)).write_bytes(b"?")
    monkeypatch.setattr(rolling, "_FEWEST", 1)
    with structlog.testing.capture_logs() as logs:
        for _ in range(12):
            rolling.advance()
    reading, list_ = ArchiveRound.objects.order_by("-name")
    assert (reading.place, list_.place) == (None, None)
    assert [(each["problem"], each["object"]) for each in reading.last_problems] == [("altered", filed.stored_as)]
    assert list_.last_problems == []
    assert [line["object"] for line in logs if line["event"] == "archive.problem"] == [filed.stored_as]
    figures = client.get("/metrics").content.decode()
    assert 'jefacture_archive_problems{look="reading"} 1.0' in figures
    assert rolling.last_look() == reading.last_finished_at

    # The next round begins a day later, and finds it mended.
    with default_storage.open(filed.stored_as, "wb") as file:
        file.write(bytes_of(typed(seller=SUPPLIER, buyer=kept[0].company.siren), container="ubl"))
    ArchiveRound.objects.update(started_at=timezone.now() - timedelta(days=2))
    for _ in range(12):
        rolling.advance()
    assert ArchiveRound.objects.get(name="reading").last_problems == []


def test_bytes_of_a_transaction_that_fails_go_with_it(db: None) -> None:
    def names() -> set[str]:
        return {each.name for each in vault.listed()}

    def keep_two_and_fail() -> None:
        with vault.undone_on_error():
            vault.keep_bytes(b"a", folder="factures")
            with vault.undone_on_error():
                vault.keep_bytes(b"b", folder="factures")
            assert len(names()) == len(before) + 2
            raise ZeroDivisionError

    before = names()
    with pytest.raises(ZeroDivisionError):
        keep_two_and_fail()
    assert names() == before


def test_every_column_of_what_is_sealed_is_sealed() -> None:
    for seals in rolling.sealed_archive():
        line = apps.get_model(seals.line)
        assert set(seals.sealed) == {field.attname for field in line._meta.concrete_fields}
