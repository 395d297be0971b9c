"""What two requests or two workers do at the same moment, on real transactions."""

from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser

from common.tenancy import tenant
from exports.services.partners import mark_transferred
from firms.keys import issue_key
from firms.models import PartnerSoftware
from invoices.enums import DepositState, FirmState, InvoiceState, ParcelState
from invoices.models import Deposit, FirmInvoice, Invoice, InvoiceCheck, InvoiceEvent
from invoices.services import processing, unpacking
from invoices.services.bulk import validate_for_company
from invoices.services.decisions import DecisionError, refuse, undo, validate
from invoices.services.processing import process
from invoices.services.receiving import receive
from invoices.services.unpacking import unpack
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, typed
from tests.invoices.parcels import names_of, opened, pdf, report, send_archive, zipped
from tests.together import together
from tests.world import make_invoice

pytestmark = pytest.mark.django_db(transaction=True)


def received(space: Space, *, container: str) -> UUID:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container=container)
    with tenant(company=space.company.pk):
        deposit, _read = receive(
            space.owner, company=space.company, client=None, file_name="f", size=len(data), chunks=(data,)
        )
    return deposit.pk


def kept_files() -> int:
    folder = Path(default_storage.path("depots"))
    return sum(1 for file in folder.rglob("*") if file.is_file())


def test_same_bytes_posted_by_two_requests_at_once_are_one_deposit_and_one_file(space: Space) -> None:
    before = kept_files()

    def post() -> dict[str, str]:
        browser = Browser()
        browser.force_login(space.owner.person)
        file = SimpleUploadedFile("f.xml", b"<facture/>")
        address = f"/entreprises/{space.company.siren}/deposer/"
        answer: dict[str, str] = browser.post(address, {"file": file}, headers={"Accept": "application/json"}).json()
        return answer

    answers = together(post, post, post)

    assert sorted(answer["label"] for answer in answers) == ["Déjà déposé", "Déjà déposé", "Reçu"]
    with tenant(company=space.company.pk):
        assert Deposit.objects.count() == 1
    assert kept_files() - before == 1


def test_one_deposit_in_the_hands_of_two_workers_is_filed_once(space: Space) -> None:
    pk = received(space, container="cii")
    assert together(*[partial(process, pk)] * 3) == [None] * 3
    process(pk)
    with tenant(company=space.company.pk):
        assert (Deposit.objects.get().state, Invoice.objects.count()) == (DepositState.FILED, 1)
        assert list(InvoiceEvent.objects.values_list("kind", flat=True)) == ["filed"]


def test_one_invoice_in_two_files_read_at_once_is_filed_once(space: Space) -> None:
    pks = [received(space, container=container) for container in ("cii", "ubl")]
    assert together(*(partial(process, pk) for pk in pks)) == [None, None]
    with tenant(company=space.company.pk):
        assert sorted(Deposit.objects.values_list("state", flat=True)) == [DepositState.FILED, DepositState.HELD]
        assert (Invoice.objects.count(), FirmInvoice.objects.count()) == (1, 1)


def test_decisions_taken_at_once_are_one(space: Space) -> None:
    invoice = make_invoice(space.company, client=space.client)

    def by_company() -> None:
        with tenant(company=space.company.pk):
            refuse(space.owner, invoice=invoice, reason="Doublon")

    def by_firm() -> None:
        with tenant(firm=space.cabinet.firm.pk, company=space.company.pk):
            validate(space.cabinet.administrator, invoice=invoice)

    answers = together(by_company, by_firm, by_firm)

    assert [type(answer) for answer in answers if answer is not None] == [DecisionError] * 2
    with tenant(company=space.company.pk):
        decided, part = Invoice.objects.get(), FirmInvoice.objects.get()
        expected = FirmState.TO_TRANSFER if decided.state == InvoiceState.VALIDATED else FirmState.PENDING
        assert (decided.state != InvoiceState.TO_VALIDATE, part.state) == (True, expected)
        assert InvoiceEvent.objects.exclude(kind="filed").count() == 1


def test_validation_undone_twice_at_once_is_undone_once(space: Space) -> None:
    invoice = make_invoice(space.company, client=space.client)

    def take_back() -> None:
        with tenant(company=space.company.pk):
            undo(space.owner, invoice=invoice)

    with tenant(company=space.company.pk):
        validate(space.owner, invoice=invoice)
    assert [type(answer) for answer in together(take_back, take_back) if answer] == [DecisionError]
    with tenant(company=space.company.pk):
        assert FirmInvoice.objects.get().state == FirmState.PENDING


def test_validation_undone_while_partner_software_takes_it_ends_on_one_side(space: Space) -> None:
    """Whoever is first wins: it is « Transférée » and stands, or it waits again and nothing says that it left."""
    invoice = make_invoice(space.company, client=space.client)
    key, _raw = issue_key(space.cabinet.firm, name="Production")
    software = PartnerSoftware.objects.create(slug="essai", name="Essai")
    with tenant(company=space.company.pk):
        validate(space.owner, invoice=invoice)
        part = FirmInvoice.objects.get()

    def take_back() -> None:
        with tenant(company=space.company.pk):
            undo(space.owner, invoice=invoice)

    answers = together(take_back, partial(mark_transferred, key, software=software, part=part), take_back)

    with tenant(company=space.company.pk):
        state, part = Invoice.objects.get().state, FirmInvoice.objects.get()
        left = InvoiceEvent.objects.filter(kind="transferred").count()
    undone = sum(answer is None for answer in (answers[0], answers[2]))
    assert (state, part.state, left, undone) in [
        (InvoiceState.VALIDATED, FirmState.TRANSFERRED, 1, 0),
        (InvoiceState.TO_VALIDATE, FirmState.PENDING, 0, 1),
    ]


def test_bulk_and_single_decisions_at_once_decide_each_invoice_once(space: Space) -> None:
    invoices = [make_invoice(space.company, client=space.client, number=f"A-{n}") for n in range(4)]

    def many() -> int:
        with tenant(company=space.company.pk):
            return validate_for_company(space.owner, invoices=Invoice.objects.all()).done

    def one() -> int:
        with tenant(company=space.company.pk):
            refuse(space.owner, invoice=invoices[2], code="DOUBLON", reason="")
        return 1

    answers = together(many, one, many)

    assert sum(answer for answer in answers if isinstance(answer, int)) == 4
    with tenant(company=space.company.pk):
        assert InvoiceEvent.objects.exclude(kind="filed").count() == 4


class Ends:
    """An execute_wrapper: the worker ends as it asks the database for the `at`th time for what begins so."""

    def __init__(self, statement: str, *, at: int = 0) -> None:
        self.statement, self.at, self.asked = statement, at, count()

    def __call__(self, execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.startswith(self.statement) and next(self.asked) == self.at:
            raise KeyboardInterrupt
        return execute(sql, *arguments)


@pytest.mark.parametrize("statement", ['INSERT INTO "invoices_invoice"', 'INSERT INTO "invoices_firminvoice"'])
def test_worker_that_ends_between_two_steps_leaves_the_next_to_another(space: Space, statement: str) -> None:
    """« Analysé » is committed by itself; what was begun of the next step is as if it had not been."""
    pk = received(space, container="facturx")
    before = kept_files()
    with connection.execute_wrapper(Ends(statement)), pytest.raises(KeyboardInterrupt):
        process(pk)
    assert kept_files() == before
    with tenant(company=space.company.pk):
        left = Deposit.objects.get()
        assert (left.state, left.attempts, left.invoice_id) == (DepositState.ANALYSED, 1, None)
        assert Invoice.objects.count() == 0

    process(pk)

    with tenant(company=space.company.pk):
        ended = Deposit.objects.get()
        assert [step["state"] for step in ended.steps] == ["Analysé", "Classé"]
        assert (ended.state, Invoice.objects.count(), FirmInvoice.objects.count()) == (DepositState.FILED, 1, 1)


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive takes some transactions."""
    monkeypatch.setattr(unpacking, "AT_ONCE", 2)


@pytest.mark.usefixtures("two_at_once")
@pytest.mark.parametrize("at", range(0, 40, 3))
def test_worker_that_ends_while_it_opens_an_archive_ends_in_the_same(space: Space, at: int) -> None:
    parcel = send_archive(space, zipped([(f"F-{n}.pdf", pdf(str(n))) for n in range(3)]))
    before = kept_files()
    with connection.execute_wrapper(Ends("", at=at)), pytest.raises(KeyboardInterrupt):
        unpack(parcel.pk)
    again = opened(parcel)

    assert (again.state, report(again)) == (ParcelState.OPENED, [(f"F-{n}.pdf", "taken") for n in range(3)])
    assert names_of(space.company) == [f"F-{n}.pdf" for n in range(3)]
    assert kept_files() - before == 3


@pytest.mark.usefixtures("two_at_once")
def test_two_workers_at_one_archive_make_each_file_once(space: Space) -> None:
    files = [(f"F-{n:02}.pdf", pdf(str(n))) for n in range(20)]
    parcel = send_archive(space, zipped(files))
    assert together(*[partial(unpack, parcel.pk)] * 3) == [None] * 3
    assert report(opened(parcel)) == [(name, "taken") for name, _data in files]
    assert names_of(space.company) == [name for name, _data in files]


def test_large_invoice_is_filed_before_its_checks_and_checked_once(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "LARGE_BYTES", 100)
    pk = received(space, container="cii")
    process(pk)
    assert verdicts(space) == [("en16931", False)]
    with tenant(company=space.company.pk):
        assert (Deposit.objects.get().state, Deposit.objects.get().wake_at is None) == (DepositState.FILED, False)

    together(*[partial(process, pk)] * 2)
    process(pk)

    assert verdicts(space) == [("en16931", True), ("fr-ctc", True), ("schema", True)]
    with tenant(company=space.company.pk):
        assert (Deposit.objects.get().wake_at, Invoice.objects.count()) == (None, 1)


def verdicts(space: Space) -> list[tuple[str, bool]]:
    with tenant(company=space.company.pk):
        return sorted(InvoiceCheck.objects.exclude(reason__startswith="Sans objet").values_list("rule_set", "ran"))
