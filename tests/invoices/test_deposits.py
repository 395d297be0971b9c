"""From bytes to an invoice, or to the reason why not."""

import dataclasses
import hashlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.utils import timezone

from clients.services import archive_client
from common.isolation import Limits
from common.tenancy import tenant
from common.work import LEASE
from invoices.enums import DepositState, Direction, FileKind, FirmState, InvoiceState
from invoices.formats import read
from invoices.formats.model import Totals
from invoices.models import Deposit, FirmInvoice, Invoice
from invoices.rendering import deliverable
from invoices.services.processing import MAX_ATTEMPTS, process
from invoices.services.receiving import DepositError, receive
from invoices.tasks import process as process_task
from tests.factories import make_cabinet, make_client, siren
from tests.invoices import making
from tests.invoices.conftest import SUPPLIER, Space, bytes_in, bytes_of, deposit, files_of, typed


def parts_of(space: Space) -> list[FirmInvoice]:
    with tenant(firm=space.cabinet.firm.pk):
        return list(FirmInvoice.objects.order_by("created_at"))


@pytest.mark.parametrize("container", ["facturx", "cii", "ubl"])
def test_deposited_invoice_is_read_and_filed(space: Space, container: str) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container=container)
    filed = deposit(space, data)
    assert (filed.state, filed.reason, filed.wake_at) == (DepositState.FILED, "", None)
    invoice = filed.invoice
    assert invoice is not None
    assert (invoice.direction, invoice.state) == (Direction.PURCHASE, InvoiceState.TO_VALIDATE)
    assert (invoice.number, str(invoice.issue_date)) == ("F-2026-001", "2026-11-02")
    assert (invoice.seller_siren, invoice.buyer_siren) == (SUPPLIER, space.company.siren)
    assert (invoice.total_without_vat, invoice.total_vat) == (Decimal("1000.00"), Decimal("200.00"))
    assert (invoice.total_with_vat, invoice.amount_due) == (Decimal("1200.00"), Decimal("1200.00"))


def test_sale_is_told_from_a_purchase_by_the_siren(space: Space) -> None:
    filed = deposit(space, bytes_of(typed(seller=space.company.siren, buyer=SUPPLIER), container="cii"))
    assert filed.invoice is not None
    assert filed.invoice.direction == Direction.SALE
    [part] = parts_of(space)
    assert part.file_name == f"vente_20261102_F-2026-001_{part.pk.hex}.pdf"


def test_pdf_with_ubl_leaves_as_a_factur_x_and_a_factur_x_as_it_came(space: Space) -> None:
    invoice = typed(seller=SUPPLIER, buyer=space.company.siren)
    filed = deposit(space, making.pdf_with(("facture.xml", bytes_of(invoice, container="ubl"))))
    assert filed.invoice is not None
    assert read(bytes_in(files_of(filed.invoice)[FileKind.OUTGOING])).container == "facturx"
    right = deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren, number="F-2026-002")))
    assert right.invoice is not None
    assert set(files_of(right.invoice)) == {FileKind.ORIGINAL, FileKind.XML}


@pytest.mark.parametrize("container", ["cii", "ubl"])
def test_bare_xml_leaves_as_a_pdf_that_holds_it(space: Space, container: str) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container=container)
    filed = deposit(space, data)
    assert filed.invoice is not None
    files = files_of(filed.invoice)
    outgoing = files[FileKind.OUTGOING]
    pdf = bytes_in(outgoing)
    assert len(pdf) == outgoing.size == parts_of(space)[0].size
    assert hashlib.sha256(pdf).hexdigest() == outgoing.sha256
    inside = read(pdf)
    assert inside.container == "facturx"
    assert inside.invoice is not None
    assert inside.invoice.number == "F-2026-001"
    assert bytes_in(files[FileKind.ORIGINAL]) == data


def test_facturx_leaves_as_it_came(space: Space) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren))
    filed = deposit(space, data)
    assert filed.invoice is not None
    assert set(files_of(filed.invoice)) == {FileKind.ORIGINAL, FileKind.XML}
    assert parts_of(space)[0].size == len(data)


def test_invoice_of_another_company_is_held_with_the_reason(space: Space) -> None:
    held = deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=siren(43)), container="cii"))
    assert (held.state, held.reason_code, held.invoice) == (DepositState.HELD, "other_company", None)
    assert space.company.name in held.reason
    assert "Acheteur SAS" in held.reason
    assert parts_of(space) == []


def test_same_invoice_in_another_file_is_held_as_a_duplicate(space: Space) -> None:
    invoice = typed(seller=SUPPLIER, buyer=space.company.siren)
    deposit(space, bytes_of(invoice, container="cii"))
    held = deposit(space, bytes_of(invoice, container="ubl"))
    assert (held.state, held.reason_code) == (DepositState.HELD, "duplicate")
    assert len(parts_of(space)) == 1


def test_same_bytes_twice_are_one_deposit(space: Space) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii")
    assert deposit(space, data).pk == deposit(space, data).pk
    assert len(parts_of(space)) == 1


@pytest.mark.parametrize(
    ("data", "state", "code", "advice"),
    [
        (b"MZ\x90\x00 pas une facture", DepositState.REFUSED, "not_an_invoice", "déposez un PDF"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", DepositState.REFUSED, "forbidden_xml", "interdite"),
        (b"%PDF-1.7\nabime", DepositState.REFUSED, "damaged_pdf", "demandez un nouvel envoi"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 64, DepositState.INCOMPLETE, "no_data", "Indiquez ce que dit la facture"),
        (making.pdf_with(), DepositState.INCOMPLETE, "no_data", "Indiquez ce que dit la facture"),
    ],
)
def test_other_files_end_with_a_reason_and_are_kept(
    space: Space, data: bytes, state: DepositState, code: str, advice: str
) -> None:
    settled = deposit(space, data, name="fichier.bin")
    assert (settled.state, settled.reason_code, advice in settled.reason) == (state, code, True)
    assert bytes_in(settled) == data


_STATE_IT = "Indiquez ce que dit la facture pour la classer."
_ASK_AGAIN = "Demandez une facture corrigée à son émetteur et déposez-la\u202f; ce fichier est conservé."


@pytest.mark.parametrize(
    ("changes", "state", "sentence"),
    [
        ({"number": ""}, DepositState.INCOMPLETE, f"Il manque à cette facture\u00a0: le numéro. {_STATE_IT}"),
        ({"issue_date": None}, DepositState.INCOMPLETE, f"Il manque à cette facture\u00a0: la date. {_STATE_IT}"),
        ({"number": "9" * 101}, DepositState.REFUSED, f"Trop long pour une facture\u00a0: le numéro. {_ASK_AGAIN}"),
        ({"currency": "EUROS"}, DepositState.REFUSED, f"Trop long pour une facture\u00a0: la devise. {_ASK_AGAIN}"),
        ({"type_code": "380380"}, DepositState.REFUSED, f"Trop long pour une facture\u00a0: le type. {_ASK_AGAIN}"),
        (
            {"totals": Totals(with_vat=Decimal(10) ** 14, amount_due=Decimal("1e14"))},
            DepositState.REFUSED,
            f"Trop long pour une facture\u00a0: les totaux. {_ASK_AGAIN}",
        ),
    ],
)
def test_invoice_without_a_term_or_beyond_our_columns_says_what_to_do(
    space: Space, changes: dict[str, Any], state: DepositState, sentence: str
) -> None:
    invoice = dataclasses.replace(typed(seller=SUPPLIER, buyer=space.company.siren), **changes)
    settled = deposit(space, bytes_of(invoice, container="ubl"))
    assert (settled.state, settled.invoice) == (state, None)
    assert settled.reason == sentence


@pytest.mark.parametrize("amount", ["99999999999999.9999", "-99999999999999.9999", "0", "0.00001"])
def test_amounts_at_the_edges_are_filed(space: Space, amount: str) -> None:
    stated = Totals(without_vat=Decimal(amount), with_vat=Decimal(amount), amount_due=Decimal(amount))
    invoice = dataclasses.replace(typed(seller=SUPPLIER, buyer=space.company.siren), totals=stated)
    filed = deposit(space, bytes_of(invoice, container="cii"))
    assert filed.state == DepositState.FILED
    assert filed.invoice is not None
    assert filed.invoice.total_with_vat == Decimal(amount).quantize(Decimal("0.0001"))
    assert filed.invoice.data["totals"]["with_vat"] == amount


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("container", ["cii", "ubl"])
def test_days_at_the_edges_are_filed_and_named(space: Space, day: date, container: str) -> None:
    invoice = dataclasses.replace(typed(seller=SUPPLIER, buyer=space.company.siren), issue_date=day, due_date=day)
    filed = deposit(space, bytes_of(invoice, container=container))
    assert (filed.state, filed.reason) == (DepositState.FILED, "")
    [part] = parts_of(space)
    assert part.file_name == f"achat_{day.isoformat().replace('-', '')}_F-2026-001_{part.pk.hex}.pdf"


def test_invoice_whose_pdf_cannot_be_made_leaves_no_row_and_can_be_read_again(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii")
    with monkeypatch.context() as patch:
        patch.setattr(deliverable, "RENDER_LIMITS", Limits(memory_bytes=1 << 30, wall_seconds=0))
        settled = deposit(space, data)
        assert (settled.state, settled.reason_code, settled.invoice) == (DepositState.QUARANTINED, "rendering", None)
    with tenant(company=space.company.pk):
        assert Invoice.objects.count() == 0

    again = deposit(space, data)

    assert (again.pk, again.state, again.reason) == (settled.pk, DepositState.FILED, "")
    assert len(parts_of(space)) == 1


def test_storage_that_is_away_is_no_fault_of_the_file(space: Space) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii")
    with tenant(company=space.company.pk):
        taken, _read = receive(
            space.owner, company=space.company, client=None, file_name="f.xml", size=len(data), chunks=(data,)
        )
    stored = Path(default_storage.path(taken.stored_as))
    away = stored.rename(stored.with_suffix(".away"))

    process_task(str(taken.pk))

    with tenant(company=space.company.pk):
        waiting = Deposit.objects.get()
    assert (waiting.state, waiting.attempts) == (DepositState.RECEIVED, 1)
    assert waiting.last_error.startswith("MissingError: ")
    assert waiting.wake_at is not None
    assert waiting.wake_at - timezone.now() < timedelta(seconds=6)
    away.rename(stored)
    process_task(str(taken.pk))
    with tenant(company=space.company.pk):
        assert Deposit.objects.get().state == DepositState.FILED


def test_empty_file_is_refused_at_once(space: Space) -> None:
    with tenant(company=space.company.pk), pytest.raises(DepositError):
        receive(space.owner, company=space.company, client=None, file_name="vide.pdf", size=0, chunks=())


def test_firm_deposits_only_for_an_active_client(space: Space) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii")
    archive_client(space.cabinet.administrator, client=space.client)
    with tenant(firm=space.cabinet.firm.pk, company=space.company.pk):
        space.client.refresh_from_db()
        with pytest.raises(PermissionDenied):
            receive(
                space.cabinet.administrator,
                company=space.company,
                client=space.client,
                file_name="f.xml",
                size=len(data),
                chunks=(data,),
            )


def test_every_linked_firm_gets_its_part_and_no_other(space: Space) -> None:
    second, stranger = make_cabinet(), make_cabinet()
    make_client(second.firm, status="active", company=space.company)
    make_client(stranger.firm, siren=space.company.siren)
    deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii"))
    seen = []
    for firm in (space.cabinet.firm, second.firm, stranger.firm):
        with tenant(firm=firm.pk):
            seen.append((FirmInvoice.objects.count(), Invoice.objects.count()))
    assert seen == [(1, 1), (1, 1), (0, 0)]
    assert parts_of(space)[0].state == FirmState.PENDING


def test_deposit_that_ends_its_worker_each_time_is_quarantined(space: Space) -> None:
    data = bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii")
    with tenant(company=space.company.pk):
        taken, _new = receive(
            space.owner, company=space.company, client=None, file_name="f.xml", size=len(data), chunks=(data,)
        )
        Deposit.objects.filter(pk=taken.pk).update(attempts=MAX_ATTEMPTS, wake_at=taken.created_at - LEASE)
    process(taken.pk)
    with tenant(company=space.company.pk):
        assert Deposit.objects.get(pk=taken.pk).state == DepositState.QUARANTINED


def test_processing_a_settled_deposit_again_changes_nothing(space: Space) -> None:
    filed = deposit(space, bytes_of(typed(seller=SUPPLIER, buyer=space.company.siren), container="cii"))
    process(filed.pk)
    assert len(parts_of(space)) == 1
