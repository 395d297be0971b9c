"""What people do during a fault test, by the product's own services. Run by `stack.call`, in the stack's settings."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from openpyxl import Workbook

from clients.enums import ImportSource
from clients.models import Client, CompanyMembership, ImportJob
from clients.services import confirm_import, start_import, undo_import
from common.tenancy import tenant
from common.work import send
from exports.models import ClientExport
from exports.services.configurations import connect_client, save_configuration
from firms.models import Membership
from invitations.services import start_batch
from invoices.samples import as_cii_xml, as_facturx_pdf, as_ubl_xml, french_party, invented_lines, sample_invoice
from invoices.services.receiving import receive
from tests.exports.factories import make_part
from tests.factories import make_active_client, make_cabinet, make_client, make_owner, siren

_HEADER = ["Raison sociale", "SIREN", "Ville", "E-mail du contact"]
_MAKERS = (("pdf", as_facturx_pdf), ("xml", as_ubl_xml), ("xml", as_cii_xml))


def open_office() -> dict[str, Any]:
    """A firm with one client that deposits."""
    cabinet = make_cabinet()
    client = make_active_client(cabinet.firm)
    assert client.company is not None
    owner = make_owner(client.company)
    return {
        "firm": cabinet.firm.pk,
        "member": cabinet.administrator.pk,
        "client": client.pk,
        "company": client.company.pk,
        "siren": client.company.siren,
        "email": owner.person.email,
    }


def start_reading(member: UUID, *, rows: int, bad: int) -> str:
    """Start an import of so many rows, the last of which are `bad`; its id."""
    actor = Membership.objects.get(pk=member)
    data = _workbook(rows, bad)
    return str(start_import(actor, source=ImportSource.FILE, file_name="clients.xlsx", chunks=(data,)).pk)


def confirm(member: UUID, *, job: UUID) -> bool:
    actor = Membership.objects.get(pk=member)
    with tenant(firm=actor.firm_id):
        found = ImportJob.objects.get(pk=job)
    return confirm_import(actor, job=found)


def undo(member: UUID, *, job: UUID) -> None:
    actor = Membership.objects.get(pk=member)
    with tenant(firm=actor.firm_id):
        found = ImportJob.objects.get(pk=job)
    undo_import(actor, job=found)


def wake_worker(job: UUID) -> None:
    """What beat does when the lease is over, without waiting for that."""
    send(ImportJob.wake_task, str(job))


def invite_many(member: UUID, *, count: int) -> str:
    """Start one act that invites so many new clients; the id of its batch."""
    actor = Membership.objects.select_related("firm").get(pk=member)
    made = [make_client(actor.firm).pk for _ in range(count)]
    with tenant(firm=actor.firm_id):
        return str(start_batch(actor, clients=Client.objects.filter(pk__in=made), pk=uuid4()).pk)


def deposit_many(company: UUID, *, count: int) -> None:
    """Deposit so many invoices, by turns in the three containers, for the worker to open."""
    for number in range(count):
        _deposit(company, number)


def make_deliverable(member: UUID, *, client: UUID, count: int) -> None:
    """So many invoices, validated two minutes ago, that leave by e-mail on their own."""
    actor = Membership.objects.get(pk=member)
    earlier = timezone.now() - timedelta(minutes=2)
    with tenant(firm=actor.firm_id):
        file = Client.objects.select_related("company").get(pk=client)
        configuration = save_configuration(
            actor, configuration=None, name="ACD", recipient=f"{actor.firm_id}@acd.test", with_original=False
        )
        connect_client(actor, client=file, configuration=configuration)
        ClientExport.objects.update(looked_until=earlier - timedelta(seconds=1))
    for number in range(count):
        make_part(file, number=f"F-{number}", available_at=earlier)


def _deposit(company: UUID, number: int) -> None:
    owner = _owner(company)
    name, data = make_file(number, buyer_siren=owner.company.siren)
    with tenant(company=company):
        receive(owner, company=owner.company, client=None, file_name=name, size=len(data), chunks=(data,))


def make_file(number: int, *, buyer_siren: str) -> tuple[str, bytes]:
    """Name and bytes of a purchase of the company, by turns in the three containers."""
    suffix, make = _MAKERS[number % 3]
    invoice = sample_invoice(
        seller=french_party(name="Fournitures Lemoine", siren=siren(1)),
        buyer=french_party(name="Acheteur", siren=buyer_siren),
        number=f"FL-{number:04d}",
        issue_date=date(2026, 9, 1) + timedelta(days=number % 60),
        lines=invented_lines(number, trade="supplies"),
    )
    return f"FL-{number:04d}.{suffix}", make(invoice)


def _owner(company: UUID) -> CompanyMembership:
    with tenant(company=company):
        return CompanyMembership.objects.select_related("company", "person").get(company=company)


def _workbook(rows: int, bad: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Clients")
    sheet.append(_HEADER)
    for number in range(rows):
        kept = siren(number) if number < rows - bad else "123456789"
        sheet.append([f"Société {number}", kept, "Paris", f"contact{number}@societe.test"])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
