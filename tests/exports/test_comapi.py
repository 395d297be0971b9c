"""comapi, by a client written from the contract alone."""

from functools import partial

import pytest

from clients.enums import ClientStatus
from clients.models import CompanyMembership
from common.models import JournalEntry
from common.tenancy import tenant
from exports.api.comapi.listing import BATCH
from exports.models import PartnerCall
from invoices.enums import Direction, FileKind, FirmState
from invoices.models import FirmInvoice, Invoice, InvoiceEvent
from invoices.services.decisions import DecisionError, undo
from tests.exports.conftest import BAKERY, GARAGE, Partner
from tests.exports.factories import NOON, PDF, make_client, make_invoice, make_part, state_of
from tests.factories import CompanyUserFactory
from tests.together import together

NOON_SECONDS = int(NOON.timestamp())


def test_enterprise_lists_active_files_by_name(partner: Partner) -> None:
    make_client(partner.a.firm, siren="732829320", name="Atelier Bleu")
    for number, status in enumerate((ClientStatus.CREATED, ClientStatus.INVITED, ClientStatus.ARCHIVED)):
        make_client(partner.a.firm, siren=f"10000000{number}", name="Jamais", status=status)

    assert partner.api().enterprises() == [
        {"name": "Atelier Bleu", "siren": "732829320"},
        {"name": "Boulangerie Petit", "siren": BAKERY},
    ]


def test_invoice_list_has_the_contract_s_five_fields(partner: Partner) -> None:
    part = make_part(partner.client)

    assert partner.api().files(BAKERY, "AP", "Transfer") == [
        {
            "name": part.file_name,
            "size": len(PDF),
            "mtime": NOON_SECONDS,
            "ctime": NOON_SECONDS,
            "downloadurl": f"http://testserver/comapi/invoice/download/{BAKERY}/AP/Transfer/{part.file_name}",
        }
    ]


def test_invoice_list_keeps_directions_states_clients_and_firms_apart(partner: Partner) -> None:
    invoice = make_invoice(partner.client, number="F-1")
    purchase = make_part(partner.client, invoice=invoice)
    make_part(partner.client_of_b, invoice=invoice)
    make_part(partner.other_client_of_b, number="F-2")
    sale = make_part(partner.client, direction=Direction.SALE, number="V-1")
    done = make_part(partner.client, state=FirmState.TRANSFERRED, number="F-3")
    for number, state in (("F-4", FirmState.PENDING), ("F-5", FirmState.CLOSED)):
        make_part(partner.client, state=state, number=number)

    def names(kind: str, state: str) -> list[str]:
        return [row["name"] for row in partner.api().files(BAKERY, kind, state)]

    assert names("AP", "Transfer") == [purchase.file_name]
    assert names("AR", "Transfer") == [sale.file_name]
    assert names("AP", "Archived") == [done.file_name]
    assert names("AR", "Archived") == []


def test_invoice_list_longer_than_a_batch_is_whole_and_in_order(partner: Partner) -> None:
    first = make_part(partner.client)
    copies = [
        FirmInvoice(
            firm_id=first.firm_id,
            company_id=first.company_id,
            client_id=first.client_id,
            invoice_id=invoice.pk,
            state=FirmState.TO_TRANSFER,
            direction=Direction.PURCHASE,
            issue_date=first.issue_date,
            file_name=f"achat_20261102_{number}_{invoice.pk.hex}.pdf",
            available_at=NOON,
            changed_at=NOON,
        )
        for number, invoice in enumerate(_bare_invoices(first, BATCH))
    ]
    with tenant(firm=first.firm_id, company=first.company_id):
        FirmInvoice.objects.bulk_create(copies)
        expected = [row.file_name for row in sorted([first, *copies], key=lambda row: row.pk)]

    assert [row["name"] for row in partner.api().files(BAKERY, "AP", "Transfer")] == expected


def _bare_invoices(like: FirmInvoice, count: int) -> list[Invoice]:
    rows = [
        Invoice(
            company_id=like.company_id, direction="AP", container="pdf", number=f"N-{n}", issue_date=like.issue_date
        )
        for n in range(count)
    ]
    with tenant(company=like.company_id):
        return Invoice.objects.bulk_create(rows)


@pytest.mark.parametrize(
    "path",
    [
        f"/comapi/v1/invoice/{BAKERY}/AP/Transfer",
        f"/comapi/invoice/{BAKERY}/AP/Transfer",
        f"/comapi/v1/invoice/{BAKERY}/AP/Transfer/",
        f"/comapi/v1/invoice/{BAKERY}/AP/TRANSFER",
        f"/comapi/v1/invoice/{BAKERY}/ap/transfer",
        f"//comapi//v1//invoice//{BAKERY}//AP//tRaNsFeR//",
        f"/comapi/V1/invoice/{BAKERY}/AP/Transfer",
    ],
)
def test_invoice_list_is_found_by_every_spelling_of_its_address(partner: Partner, path: str) -> None:
    part = make_part(partner.client)
    answer = partner.api().call(path)
    assert (answer.status, [row["name"] for row in answer.data]) == (200, [part.file_name])
    assert answer.data[0]["downloadurl"].endswith(f"/comapi/invoice/download/{BAKERY}/AP/Transfer/{part.file_name}")


@pytest.mark.parametrize(
    "path", ["/comapi/v1/enterprise", "/comapi/enterprise", "/comapi/v1/enterprise/", "//comapi/enterprise"]
)
def test_enterprise_is_found_by_every_spelling_of_its_address(partner: Partner, path: str) -> None:
    answer = partner.api().call(path)
    assert (answer.status, answer.data) == (200, [{"name": "Boulangerie Petit", "siren": BAKERY}])


def test_header_names_are_read_in_lower_case(partner: Partner) -> None:
    api = partner.api()
    headers = {"x-api-key": api.api_key, "x-software-id": api.software_id.upper()}
    assert api.transport("GET", "/comapi/v1/enterprise", headers).status == 200


def test_download_moves_the_invoice_and_both_segments_keep_serving_it(partner: Partner) -> None:
    part = make_part(partner.client)
    api = partner.api()
    [row] = api.files(BAKERY, "AP", "Transfer")

    assert api.download(row["downloadurl"]) == PDF

    assert api.files(BAKERY, "AP", "Transfer") == []
    [moved] = api.files(BAKERY, "AP", "Archived")
    assert (moved["name"], moved["mtime"], moved["ctime"] > row["ctime"]) == (part.file_name, row["mtime"], True)
    assert [api.download(moved["downloadurl"]), api.download(row["downloadurl"])] == [PDF, PDF]
    assert api.files(BAKERY, "AP", "Archived") == [moved]


def test_invoice_that_came_as_facturx_is_downloaded_as_it_came(partner: Partner) -> None:
    make_part(partner.client, invoice=make_invoice(partner.client, kind=FileKind.ORIGINAL))
    [row] = partner.api().files(BAKERY, "AP", "Transfer")
    assert partner.api().download(row["downloadurl"]) == PDF


def test_download_is_told_once_in_the_timeline_and_in_the_journal(partner: Partner) -> None:
    part = make_part(partner.client)
    [row] = partner.api().files(BAKERY, "AP", "Transfer")
    for _ in range(2):
        partner.api().download(row["downloadurl"])

    with tenant(firm=part.firm_id):
        events = InvoiceEvent.objects.filter(invoice=part.invoice_id).values_list("kind", "actor", "text")
        entries = JournalEntry.objects.filter(object_id=part.pk).values_list("action", "actor", "data", "company_id")
        assert list(events) == [
            ("transferred", "Clé API « Clé principale »", "Transférée à Essai (Cabinet Durand & Associés)")
        ]
        assert list(entries) == [
            ("invoice.transferred", "Clé API « Clé principale »", {"software": "Essai"}, part.company_id)
        ]


def test_download_moves_the_part_of_the_calling_firm_only(partner: Partner) -> None:
    invoice = make_invoice(partner.client)
    of_a, of_b = make_part(partner.client, invoice=invoice), make_part(partner.client_of_b, invoice=invoice)
    [row] = partner.api(of=partner.b).files(BAKERY, "AP", "Transfer")

    partner.api(of=partner.b).download(row["downloadurl"])

    assert (state_of(of_a), state_of(of_b)) == (FirmState.TO_TRANSFER, FirmState.TRANSFERRED)


def test_head_tells_the_size_and_moves_nothing(partner: Partner) -> None:
    part = make_part(partner.client)
    [row] = partner.api().files(BAKERY, "AP", "Transfer")

    answer = partner.api().call(row["downloadurl"], method="HEAD")

    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, str(len(PDF)), b"")
    assert state_of(part) == FirmState.TO_TRANSFER


@pytest.mark.parametrize(
    ("header", "status", "body", "content_range"),
    [
        ("bytes=0-3", 206, b"%PDF", f"bytes 0-3/{len(PDF)}"),
        ("bytes=0-", 206, PDF, f"bytes 0-{len(PDF) - 1}/{len(PDF)}"),
        ("bytes=-6", 206, b"%%EOF\n", f"bytes {len(PDF) - 6}-{len(PDF) - 1}/{len(PDF)}"),
        ("bytes=1-100000", 206, PDF[1:], f"bytes 1-{len(PDF) - 1}/{len(PDF)}"),
        ("bytes=0-1,4-5", 200, PDF, None),
        ("pages=1-2", 200, PDF, None),
        ("bytes=3-1", 200, PDF, None),
    ],
)
def test_range_is_served_and_moves_nothing(
    partner: Partner, header: str, status: int, body: bytes, content_range: str | None
) -> None:
    part = make_part(partner.client)
    [row] = partner.api().files(BAKERY, "AP", "Transfer")

    answer = partner.api().call(row["downloadurl"], Range=header)

    assert (answer.status, answer.body, answer.headers.get("Content-Range")) == (status, body, content_range)
    assert state_of(part) == FirmState.TO_TRANSFER


@pytest.mark.parametrize("header", ["bytes=100000-", "bytes=-0"])
def test_range_outside_the_file_is_refused_in_json(partner: Partner, header: str) -> None:
    make_part(partner.client)
    [row] = partner.api().files(BAKERY, "AP", "Transfer")
    answer = partner.api().call(row["downloadurl"], Range=header)
    assert (answer.status, answer.data["error"]["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{len(PDF)}"


def test_call_is_remembered_per_software(partner: Partner) -> None:
    for _ in range(2):
        partner.api().enterprises()
    with tenant(firm=partner.a.firm.pk):
        calls = PartnerCall.objects.values_list("key", "software")
        assert list(calls) == [(partner.a.key.pk, partner.software.pk)]


def test_other_firm_s_objects_and_missing_ones_give_the_same_404(partner: Partner) -> None:
    foreign = make_part(partner.other_client_of_b, number="F-9")
    shared = make_part(partner.client_of_b, number="F-8")
    paths = [
        f"/comapi/v1/invoice/{GARAGE}/AP/Transfer",
        "/comapi/v1/invoice/999999999/AP/Transfer",
        f"/comapi/invoice/download/{GARAGE}/AP/Transfer/{foreign.file_name}",
        f"/comapi/invoice/download/999999999/AP/Transfer/{foreign.file_name}",
    ]
    assert {(a.status, a.body) for a in map(partner.api().call, paths)} == {
        (404, b'{"error": {"code": "not_found", "message": "Aucun dossier actif ne porte ce SIREN."}}')
    }
    of_shared = [f"/comapi/invoice/download/{BAKERY}/AP/Transfer/{name}" for name in (shared.file_name, "none.pdf")]
    assert {(a.status, a.body) for a in map(partner.api().call, of_shared)} == {
        (404, b"""{"error": {"code": "not_found", "message": "Ce fichier n'existe pas."}}""")
    }
    assert state_of(shared) == FirmState.TO_TRANSFER


@pytest.mark.django_db(transaction=True)
def test_two_downloads_at_once_move_the_invoice_once(partner: Partner) -> None:
    part = make_part(partner.client)
    [row] = partner.api().files(BAKERY, "AP", "Transfer")

    bodies = together(*[partial(partner.api().download, row["downloadurl"])] * 3)

    assert bodies == [PDF] * 3
    assert state_of(part) == FirmState.TRANSFERRED
    with tenant(firm=part.firm_id):
        assert InvoiceEvent.objects.filter(kind="transferred").count() == 1
        assert JournalEntry.objects.filter(action="invoice.transferred").count() == 1


@pytest.mark.django_db(transaction=True)
def test_download_and_undone_validation_at_once_leave_one_truth(partner: Partner) -> None:
    part = make_part(partner.client)
    with tenant(company=part.company_id):
        owner = CompanyMembership.objects.create(company_id=part.company_id, person=CompanyUserFactory.create())
    [row] = partner.api().files(BAKERY, "AP", "Transfer")

    def take_back() -> None:
        with tenant(company=part.company_id):
            undo(owner, invoice=part.invoice)

    body, undone = together(partial(partner.api().download, row["downloadurl"]), take_back)

    if isinstance(undone, DecisionError):
        assert (body, state_of(part)) == (PDF, FirmState.TRANSFERRED)
    else:
        assert (undone, state_of(part)) == (None, FirmState.PENDING)
