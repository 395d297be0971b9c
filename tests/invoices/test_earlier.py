"""A firm that is connected later sees earlier invoices where the company's owner agrees, from the date that he says."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client, EarlierAccess
from common.models import JournalEntry
from common.tenancy import tenant
from invoices.enums import FirmState
from invoices.models import FirmInvoice, Invoice
from invoices.services import earlier
from invoices.services.decisions import validate
from invoices.tasks import open_earlier
from tests.factories import Cabinet, make_cabinet, make_client
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed


@pytest.fixture
def later(space: Space) -> tuple[Cabinet, Client]:
    """Three invoices are there, one of them validated; then another firm is connected."""
    for number in ("A", "B", "C"):
        data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren, number=number), container="ubl")
        filed = deposit(space, data, name="f.xml").invoice
        assert filed is not None
        if number == "A":
            with tenant(company=space.company.pk):
                validate(space.owner, invoice=filed)
    with tenant(company=space.company.pk):
        Invoice.objects.filter(number="C").update(issue_date=date(2025, 3, 1))
    cabinet = make_cabinet()
    client = make_client(
        cabinet.firm,
        status=ClientStatus.ACTIVE,
        siren=space.company.siren,
        company=space.company,
        activated_at=timezone.now(),
    )
    return cabinet, client


def agree(space: Space, client: Client, *, since: date | None = None) -> EarlierAccess:
    with tenant(firm=client.firm_id, company=space.company.pk):
        return EarlierAccess.objects.create(
            firm_id=client.firm_id, company=space.company, client=client, agreed_by=space.owner, since=since,
            wake_at=client.activated_at,
        )  # fmt: skip


def parts_of(firm: UUID) -> list[tuple[str, str, bool]]:
    with tenant(firm=firm):
        parts = FirmInvoice.objects.filter(firm=firm).select_related("invoice").order_by("invoice__number")
        assert all(part.size for part in parts)
        return [(part.invoice.number, part.state, part.available_at == part.invoice.validated_at) for part in parts]


def test_earlier_invoices_get_the_firms_part_in_chunks(
    space: Space, later: tuple[Cabinet, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    cabinet, client = later
    monkeypatch.setattr(earlier, "_CHUNK", 2)
    agreement = agree(space, client)
    assert parts_of(cabinet.firm.pk) == []

    seen = []
    for _ in range(5):  # the last ones find nothing more to do
        open_earlier(str(agreement.pk))
        with tenant(company=space.company.pk):
            agreement.refresh_from_db()
        seen.append((agreement.done, agreement.total, agreement.finished_at is not None))
    assert seen == [(2, 3, False), (3, 3, False), (3, 3, True), (3, 3, True), (3, 3, True)]
    assert parts_of(cabinet.firm.pk) == [
        ("A", FirmState.TO_TRANSFER, True), ("B", FirmState.PENDING, True), ("C", FirmState.PENDING, True),
    ]  # fmt: skip
    with tenant(firm=cabinet.firm.pk):
        lines = JournalEntry.objects.filter(action="client.earlier_opened").values_list("object_id", "data")
        assert list(lines) == [(client.pk, {"invoices": 3})]


def test_only_from_the_date_that_the_owner_said_and_nothing_for_an_archived_file(
    space: Space, later: tuple[Cabinet, Client]
) -> None:
    cabinet, client = later
    agreement = agree(space, client, since=date(2026, 1, 1))
    for _ in range(2):
        open_earlier(str(agreement.pk))
    assert [number for number, *_ in parts_of(cabinet.firm.pk)] == ["A", "B"]

    with tenant(firm=cabinet.firm.pk):
        Client.objects.filter(pk=client.pk).update(status=ClientStatus.ARCHIVED)
    open_earlier(str(agree(space, client).pk))
    assert [number for number, *_ in parts_of(cabinet.firm.pk)] == ["A", "B"]


def _full(execute: Any, sql: str, *arguments: Any) -> Any:
    if sql.startswith('INSERT INTO "invoices_firminvoice"'):
        raise OperationalError
    return execute(sql, *arguments)


def test_database_that_takes_nothing_is_asked_again(space: Space, later: tuple[Cabinet, Client]) -> None:
    cabinet, client = later
    agreement = agree(space, client)
    with connection.execute_wrapper(_full):
        open_earlier(str(agreement.pk))
    with tenant(company=space.company.pk):
        agreement.refresh_from_db()
    assert (agreement.done, agreement.attempts, agreement.last_error[:16]) == (0, 1, "OperationalError")
    assert agreement.wake_at is not None
    assert agreement.wake_at - timezone.now() < timedelta(seconds=6)
    assert parts_of(cabinet.firm.pk) == []
    open_earlier(str(agreement.pk))
    assert [number for number, *_ in parts_of(cabinet.firm.pk)] == ["A", "B", "C"]
