"""Rows that the exports start from, written as the application role inside the tenant that owns them."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from clients.enums import ClientStatus
from clients.models import Client, Company
from common.tenancy import tenant
from firms.keys import issue_key
from firms.models import ApiKey, Firm, PartnerSoftware
from invoices.enums import Direction, FileKind, FirmState, InvoiceState
from invoices.models import FirmInvoice, Invoice, InvoiceFile

PDF = b"%PDF-1.7\n" + b"facture " * 40 + b"\n%%EOF\n"
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class KeyedFirm:
    """A firm with one API key."""

    firm: Firm
    key: ApiKey
    raw_key: str


def make_firm(*, siret: str = "73282932000074", name: str = "Cabinet Durand & Associés") -> KeyedFirm:
    firm = Firm.objects.create(siret=siret, name=name, terms_accepted_at=NOON)
    key, raw = issue_key(firm, name="Clé principale")
    return KeyedFirm(firm, key, raw)


def make_software(*, slug: str = "essai", enabled: bool = True) -> PartnerSoftware:
    return PartnerSoftware.objects.create(slug=slug, name=slug.capitalize(), enabled=enabled)


def make_client(
    firm: Firm, *, siren: str, name: str = "Boulangerie Petit", status: ClientStatus = ClientStatus.ACTIVE
) -> Client:
    """A client file; with its company space unless it was never « Actif »."""
    company = None
    if status in (ClientStatus.ACTIVE, ClientStatus.ARCHIVED):
        with tenant(platform="tests make company spaces"):
            company = Company.objects.filter(siren=siren).first() or Company.objects.create(siren=siren, name=name)
    with tenant(firm=firm.pk):
        return Client.objects.create(firm=firm, company=company, siren=siren, name=name, status=status)


def make_invoice(
    client: Client,
    *,
    direction: Direction = Direction.PURCHASE,
    number: str = "F-1",
    content: bytes = PDF,
    claimed_size: int | None = None,
    kind: FileKind = FileKind.OUTGOING,
) -> Invoice:
    """A validated invoice with the PDF that leaves (a Factur-X is its own ORIGINAL).

    `claimed_size` spares a test from writing a large one.
    """
    assert client.company_id
    with tenant(company=client.company_id):
        invoice = Invoice.objects.create(
            company_id=client.company_id,
            direction=direction,
            state=InvoiceState.VALIDATED,
            container="facturx",
            number=number,
            issue_date=date(2026, 11, 2),
            seller_name="Minoterie Martin",
            seller_siren="552100554",
        )
        InvoiceFile.objects.create(
            company_id=client.company_id,
            invoice=invoice,
            kind=kind,
            name=f"{number}.pdf",
            media_type="application/pdf",
            size=claimed_size or len(content),
            **_stored(content),
        )
    return invoice


def keep_original(part: FirmInvoice, *, name: str, content: bytes, media_type: str) -> None:
    """The file as it came in, beside the one that leaves."""
    with tenant(company=part.company_id):
        InvoiceFile.objects.create(
            company_id=part.company_id,
            invoice_id=part.invoice_id,
            kind=FileKind.ORIGINAL,
            name=name,
            media_type=media_type,
            size=len(content),
            **_stored(content),
        )


def _stored(content: bytes) -> dict[str, str]:
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "stored_as": default_storage.save(f"tests/{secrets.token_hex(8)}", ContentFile(content)),
    }


def make_part(
    client: Client,
    *,
    invoice: Invoice | None = None,
    direction: Direction = Direction.PURCHASE,
    state: FirmState = FirmState.TO_TRANSFER,
    number: str = "F-1",
    content: bytes = PDF,
    available_at: datetime | None = NOON,
) -> FirmInvoice:
    """The firm's part of an invoice (of a new one unless given)."""
    invoice = invoice or make_invoice(client, direction=direction, number=number, content=content)
    word = "achat" if direction == Direction.PURCHASE else "vente"
    with tenant(firm=client.firm_id, company=invoice.company_id):
        return FirmInvoice.objects.create(
            firm_id=client.firm_id,
            company_id=invoice.company_id,
            client=client,
            invoice=invoice,
            state=state,
            direction=direction,
            issue_date=invoice.issue_date,
            file_name=f"{word}_20261102_{number}_{invoice.pk.hex}.pdf",
            size=len(content),
            available_at=None if state == FirmState.PENDING else available_at,
            changed_at=NOON,
        )


def state_of(part: FirmInvoice) -> str:
    with tenant(firm=part.firm_id):
        return FirmInvoice.objects.values_list("state", flat=True).get(pk=part.pk)
