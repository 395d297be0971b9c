from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.test import Client as Browser

from clients.models import Client, Company, CompanyMembership
from common import vault
from common.identifiers import vat_of_siren
from common.tenancy import tenant
from invoices.formats.model import Invoice as TypedInvoice
from invoices.models import Deposit, Invoice, InvoiceFile, KnownSender, Mailbox
from invoices.samples import SampleLine, as_cii_xml, as_facturx_pdf, as_ubl_xml, french_party, sample_invoice
from invoices.services.mailboxes import mailboxes_of
from invoices.services.processing import process
from invoices.services.receiving import receive
from jefacture.embedded import roles
from tests import services
from tests.browsing import signed_in
from tests.factories import Cabinet, assign_to, make_active_client, make_cabinet, make_owner, siren

SUPPLIER = siren(42)
#: Who may write to the addresses of `boxes`.
KNOWN = "factures@fournisseur.test"
_MAKERS = {"facturx": as_facturx_pdf, "cii": as_cii_xml, "ubl": as_ubl_xml}


@dataclass(frozen=True)
class Space:
    """A company space with its owner, and the firm that follows it."""

    cabinet: Cabinet
    client: Client
    company: Company
    owner: CompanyMembership


@pytest.fixture
def space(db: None) -> Space:
    cabinet = make_cabinet()
    client = make_active_client(cabinet.firm)
    assert client.company is not None
    assign_to(client, cabinet.assigned)
    return Space(cabinet=cabinet, client=client, company=client.company, owner=make_owner(client.company))


def typed(*, seller: str, buyer: str, number: str = "F-2026-001") -> TypedInvoice:
    return sample_invoice(
        seller=french_party(name="Vendeur SARL", siren=seller, vat=vat_of_siren(seller)),
        buyer=french_party(name="Acheteur SAS", siren=buyer, vat=vat_of_siren(buyer)),
        number=number,
        issue_date=date(2026, 11, 2),
        lines=[SampleLine(name="Conseil", quantity=Decimal(2), unit_price=Decimal("500.00"))],
    )


def bytes_of(invoice: TypedInvoice, *, container: str = "facturx") -> bytes:
    return _MAKERS[container](invoice)


def deposit(space: Space, data: bytes, *, name: str = "facture.pdf") -> Deposit:
    """Deposited by the company's owner and opened, as a worker does."""
    with tenant(company=space.company.pk):
        taken, _new = receive(
            space.owner, company=space.company, client=None, file_name=name, size=len(data), chunks=(data,)
        )
    process(taken.pk)
    with tenant(company=space.company.pk):
        return Deposit.objects.select_related("invoice").get(pk=taken.pk)


def files_of(invoice: Invoice) -> dict[str, InvoiceFile]:
    with tenant(company=invoice.company_id):
        return {file.kind: file for file in InvoiceFile.objects.select_related("invoice").filter(invoice=invoice)}


def bytes_in(kept: InvoiceFile | Deposit) -> bytes:
    with default_storage.open(kept.stored_as) as stored:
        return bytes(stored.read())


@pytest.fixture
def owner(space: Space) -> Browser:
    return signed_in(space.owner.person)


@pytest.fixture
def administrator(space: Space) -> Browser:
    return signed_in(space.cabinet.administrator.user)


@pytest.fixture
def boxes(space: Space) -> dict[str, Mailbox]:
    """The company's two addresses; it knows one supplier."""
    with tenant(company=space.company.pk):
        KnownSender.objects.create(company=space.company, address=KNOWN, added_by=space.owner)
        return {box.direction: box for box in mailboxes_of(space.company)}


@pytest.fixture
def tables(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner of the tables, in a session of its own."""
    with psycopg.connect(services.current().url(roles.OWNER), autocommit=True) as connection:
        yield connection


@pytest.fixture
def empty_storage(transactional_db: None) -> None:
    """Without what the tests before left in this process's own storage: nothing in the database names it."""
    for each in list(vault.listed()):
        default_storage.delete(each.name)
