"""An invoice is kept for its time, longer where somebody holds it, and goes only when a person asks as the owner."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from common.chains import seal_all
from common.models import ArchiveRound, JournalEntry
from common.tenancy import tenant
from invoices.models import Invoice, InvoiceEvent, InvoiceFile, InvoiceHold
from invoices.models.retention import kept_until
from tests.browsing import signed_in
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed
from tests.invoices.verifying import verify


def filed(space: Space, **typed_as: str) -> Invoice:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren, **typed_as), container="ubl")
    invoice = deposit(space, data, name="f.xml").invoice
    assert invoice is not None
    return invoice


def address(space: Space, invoice: Invoice) -> str:
    return reverse("invoices:company_kept", args=[space.company.siren, invoice.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("issued", "filed_on", "until"),
    [
        # The financial year of November 2026 may end as late as October 2027.
        (date(2026, 11, 2), datetime(2026, 11, 3, tzinfo=UTC), date(2037, 12, 31)),
        (date(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC), date(2037, 12, 31)),
        # A date that was misread shortens nothing; New Year is that of Paris.
        (date(1926, 11, 2), datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2038, 12, 31)),
        (date(2028, 2, 29), datetime(2027, 1, 1, tzinfo=UTC), date(2039, 12, 31)),
    ],
)
def test_time_is_the_same_for_the_page_and_for_the_database(issued: date, filed_on: datetime, until: date) -> None:
    assert kept_until(Invoice(issue_date=issued, filed_at=filed_on)) == until
    with connection.cursor() as cursor:
        cursor.execute("SELECT invoices_kept_until(%s, %s)", [issued, filed_on])
        assert cursor.fetchone() == (until,)


def test_page_shows_until_when_hashes_and_what_the_last_look_found(space: Space, owner: Browser) -> None:
    invoice = filed(space)
    with tenant(company=space.company.pk):
        files = list(InvoiceFile.objects.filter(invoice=invoice))
    page = owner.get(address(space, invoice)).content.decode()
    assert "31/12/2037" in page
    assert [file.sha256 in page for file in files] == [True, True]
    assert ("En cours" in page, "ne correspond plus à son empreinte" in page) == (True, False)

    found = [{"problem": "altered", "object": files[0].stored_as}]
    ArchiveRound.objects.create(name="reading", place=None, last_problems=found, last_finished_at=datetime.now(UTC))
    page = owner.get(address(space, invoice), headers={"HX-Request": "true"}).content.decode()
    assert (page.count("ne correspond plus à son empreinte"), "<html" in page) == (1, False)


def test_owner_and_administrateur_hold_and_lift_with_a_reason(
    space: Space, owner: Browser, administrator: Browser
) -> None:
    invoice = filed(space)
    with tenant(firm=space.cabinet.firm.pk):
        part = invoice.parts.get()
    of_firm = reverse("invoices:firm_kept", args=[space.cabinet.firm.siret, part.pk])
    of_company = address(space, invoice)

    def post(browser: Browser, to: str, act: str, reason: str) -> str:
        return browser.post(to, {"act": act, "reason": reason}, follow=True).content.decode()

    assert "Indiquez le motif." in post(owner, of_company, "place", " \x00 ")
    assert "pas prolongée" in post(owner, of_company, "lift", "Rien")
    assert "La conservation est prolongée." in post(administrator, of_firm, "place", "Contrôle fiscal")
    assert "déjà prolongée" in post(owner, of_company, "place", "Litige")
    assert "Contrôle fiscal" in owner.get(of_company).content.decode()
    assert "La prolongation est levée." in post(owner, of_company, "lift", "Contrôle clos")
    assert post(signed_in(space.cabinet.assigned.user), of_firm, "place", "Non").count("administrateur du cabinet") == 1

    with tenant(company=space.company.pk):
        hold = InvoiceHold.objects.get()
        events = list(InvoiceEvent.objects.values_list("kind", "text").order_by("id"))[1:]
        lines = JournalEntry.objects.filter(action__in=("invoice.held", "invoice.released")).order_by("id")
        told = [(line.action, line.firm_id, line.data) for line in lines]
    assert (hold.placed_by, hold.lifted_by) == (
        space.cabinet.administrator.actor_name, space.owner.actor_name,
    )  # fmt: skip
    assert events == [
        ("held", "Conservation prolongée\u00a0: Contrôle fiscal"),
        ("released", "Prolongation de la conservation levée\u00a0: Contrôle clos"),
    ]
    assert told == [
        ("invoice.held", space.cabinet.firm.pk, {"reason": "Contrôle fiscal"}),
        ("invoice.released", None, {"reason": "Contrôle clos"}),
    ]


@pytest.mark.parametrize(
    "table", ["invoice", "deposit", "invoicefile", "invoiceevent", "parcel", "invoicehold", "eventseal"]
)
def test_application_removes_nothing_whatever_the_context(space: Space, table: str) -> None:
    for context in ({"company": space.company.pk}, {"firm": space.cabinet.firm.pk}, {"platform": "a test tries"}):
        with tenant(**context), connection.cursor() as cursor:
            for statement in ("DELETE FROM", "TRUNCATE"):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    cursor.execute(f"{statement} invoices_{table}")


def test_only_the_owner_removes_what_has_expired_and_nobody_holds(
    empty_storage: None, space: Space, tables: psycopg.Connection[Any]
) -> None:
    long_ago = datetime(2000, 3, 1, tzinfo=UTC)
    kept, old, held = (filed(space, number=number) for number in ("A", "B", "C"))
    with tenant(company=space.company.pk):
        Invoice.objects.filter(pk__in=[old.pk, held.pk]).update(issue_date=date(2000, 2, 1), filed_at=long_ago)
        InvoiceHold.objects.create(company=space.company, invoice=held, reason="Litige", placed_by="Test")
        names = list(InvoiceFile.objects.filter(invoice=old).values_list("stored_as", flat=True))
    seal_all()

    assert _removed() == (False, ["B"])
    with pytest.raises(CommandError, match="JEFACTURE_DB_ROLE=owner"):
        call_command("remove_expired", "--delete")
    assert [default_storage.exists(name) for name in names] == [True, True]
    for invoice in (kept, held):
        with pytest.raises(psycopg.errors.RestrictViolation):
            tables.execute("DELETE FROM invoices_invoicefile WHERE invoice_id = %s", [invoice.pk])

    assert _as_owner("--delete") == {"deleted": True, "invoices": [_line(space, old)]}
    assert [default_storage.exists(name) for name in names] == [False, False]
    with tenant(company=space.company.pk):
        assert [file.invoice.number for file in InvoiceFile.objects.order_by("invoice__number", "kind")] == list("AACC")
        assert InvoiceEvent.objects.filter(invoice=old).latest("id").kind == "removed"
    page = signed_in(space.owner.person)
    assert page.get(reverse("invoices:company_detail", args=[space.company.siren, old.pk])).status_code == 200
    seal_all()
    assert verify() == []
    assert _removed() == (False, [])


def _removed() -> tuple[bool, list[str]]:
    output = StringIO()
    call_command("remove_expired", stdout=output)
    answer = json.loads(output.getvalue())
    return answer["deleted"], [line["number"] for line in answer["invoices"]]


def _line(space: Space, invoice: Invoice) -> dict[str, Any]:
    return {
        "company": str(space.company.pk), "invoice": str(invoice.pk), "number": "B", "kept_until": "2011-12-31",
    }  # fmt: skip


def _as_owner(*options: str) -> Any:
    argv = [sys.executable, "-W", "ignore", "manage.py", "remove_expired", *options]
    env = {**os.environ, "JEFACTURE_DB_ROLE": "owner"}
    return json.loads(subprocess.run(argv, env=env, check=True, capture_output=True, text=True).stdout)
