"""The firm's side of its clients' invoices: list, page, validation, deposits for a client."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from clients.services import archive_client
from common.models import JournalEntry
from common.tenancy import tenant
from invoices.enums import FirmState, InvoiceState
from invoices.models import FirmInvoice
from tests.browsing import signed_in, text_of
from tests.factories import make_cabinet
from tests.invoices.browsing import filed, firm, now, numbers, part_of
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, typed
from tests.world import make_invoice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A-2", "A-1"]),
        ("etat=to_transfer", ["A-2"]),
        ("sens=AR", []),
        ("etat=zzz&sens=%20", []),
        ("page=abc&tri=zzz", ["A-2", "A-1"]),
    ],
)
def test_firm_list_finds_by_what_is_asked(space: Space, administrator: Browser, query: str, found: list[str]) -> None:
    make_invoice(space.company, client=space.client, number="A-1")
    second = make_invoice(space.company, client=space.client, number="A-2")
    with tenant(firm=space.cabinet.firm.pk):
        FirmInvoice.objects.filter(invoice=second).update(
            state=FirmState.TO_TRANSFER, issue_date=date(2026, 11, 9), file_name="x.pdf"
        )
    answer = administrator.get(f"{firm(space)}?{query}")
    assert numbers(answer) == found


def test_firm_page_is_for_those_who_see_the_client_file(space: Space) -> None:
    invoice = filed(space)
    part, other = part_of(space, invoice), make_cabinet()
    people = (space.cabinet.administrator, space.cabinet.assigned, space.cabinet.unassigned, other.administrator)
    for rest in (f"{part.pk}/", f"{part.pk}/fichiers/original/"):
        assert [signed_in(m.user).get(firm(space, rest)).status_code for m in people] == [200, 200, 404, 404]
    foreign = f"/cabinets/{other.firm.siret}/factures/{part.pk}/"
    assert signed_in(other.administrator.user).get(foreign).status_code == 404
    lists = [signed_in(m.user).get(firm(space)).context["table"].count for m in people[:3]]
    assert lists == [1, 1, 0]


@pytest.mark.parametrize("rows", [1, 3])
def test_firm_list_costs_the_same_number_of_queries(
    space: Space, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(rows):
        make_invoice(space.company, client=space.client, number=f"A-{n}")
    browser = signed_in(space.cabinet.assigned.user)
    browser.get(firm(space))  # notes the entry into the firm
    with django_assert_num_queries(12):
        assert browser.get(firm(space)).context["table"].count == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_latest_invoices_of_a_client_cost_the_same_number_of_queries(
    space: Space, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(rows):
        make_invoice(space.company, client=space.client, number=f"A-{n}")
    browser = signed_in(space.cabinet.assigned.user)
    address = f"/cabinets/{space.cabinet.firm.siret}/clients/{space.client.pk}/factures/"
    browser.get(address)
    with django_assert_num_queries(9):
        assert len(browser.get(address).context["parts"]) == rows


def test_firm_validates_for_an_active_client_only(space: Space, administrator: Browser) -> None:
    first, second = (make_invoice(space.company, client=space.client, number=n) for n in ("A-1", "A-2"))
    address = firm(space, f"{part_of(space, first).pk}/valider/")

    answer = administrator.post(address, follow=True)

    assert "Facture validée" in text_of(answer)
    assert (now(space, first).state, part_of(space, first).state) == (InvoiceState.VALIDATED, FirmState.TO_TRANSFER)
    assert "déjà" in text_of(administrator.post(address, follow=True))
    with tenant(firm=space.cabinet.firm.pk):
        entry = JournalEntry.objects.get(action="invoice.validated")
    assert (entry.object_id, entry.company_id) == (first.pk, space.company.pk)
    archive_client(space.cabinet.administrator, client=space.client)
    administrator.post(firm(space, f"{part_of(space, second).pk}/valider/"))
    assert now(space, second).state == InvoiceState.TO_VALIDATE
    assert administrator.get(firm(space, f"{part_of(space, second).pk}/")).status_code == 200


def test_firm_deposit_for_its_client_is_journalled(space: Space, administrator: Browser) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii")
    administrator.post(
        f"/entreprises/{space.company.siren}/deposer/", {"file": SimpleUploadedFile("facture.xml", data)}
    )
    with tenant(firm=space.cabinet.firm.pk):
        entries = JournalEntry.objects.filter(action__in=["company.entered_by_firm", "deposit.received"])
        told = entries.order_by("id").values_list("action", "person_id", "firm_id", "company_id", "object_label")
        who = space.cabinet.administrator.user_id, space.cabinet.firm.pk, space.company.pk
        assert list(told) == [
            ("company.entered_by_firm", *who, space.client.name),
            ("deposit.received", *who, "facture.xml"),
        ]


def test_firm_deposits_for_no_archived_client_and_no_stranger_s(space: Space) -> None:
    address = f"/entreprises/{space.company.siren}/deposer/"
    codes = [
        signed_in(member.user).post(address, {"file": SimpleUploadedFile("f.xml", b"<a/>")}).status_code
        for member in (space.cabinet.unassigned, make_cabinet().administrator)
    ]
    archive_client(space.cabinet.administrator, client=space.client)
    codes.append(signed_in(space.cabinet.administrator.user).post(address).status_code)
    assert codes == [404, 404, 404]
