"""What the partner API reads: it starts at the key's firm, on FirmInvoice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.enums import ClientStatus
from clients.models import Client
from firms.models import PartnerSoftware
from invoices.enums import Direction, FileKind, FirmState
from invoices.models import FirmInvoice, InvoiceFile

#: What partner software may see: from « à transférer » on.
SERVED = (FirmState.TO_TRANSFER, FirmState.TRANSFERRED)


def enabled_software(pk: UUID) -> PartnerSoftware | None:
    return PartnerSoftware.objects.filter(pk=pk, enabled=True).first()


def pullable_clients(firm_id: UUID) -> QuerySet[Client]:
    """« Actif » client files whose company space exists."""
    return Client.objects.filter(firm=firm_id, status=ClientStatus.ACTIVE, company__isnull=False)


def pullable_client(firm_id: UUID, *, siren: str) -> Client | None:
    return pullable_clients(firm_id).filter(siren=siren).first()


@dataclass(frozen=True)
class Listed:
    """One line of comapi's list of files."""

    id: UUID
    name: str
    size: int
    available_at: datetime
    changed_at: datetime


def listed_files(
    client: Client, *, direction: Direction, state: FirmState, after: Listed | None = None, limit: int
) -> list[Listed]:
    """The next `limit` files in the order in which they were made available, read from FirmInvoice alone."""
    parts = FirmInvoice.objects.filter(
        firm=client.firm_id, client=client.pk, direction=direction, state=state, available_at__isnull=False
    )
    if after is not None:
        parts = parts.filter(
            Q(available_at__gt=after.available_at) | Q(available_at=after.available_at, id__gt=after.id),
            available_at__gte=after.available_at,
        )
    rows = parts.order_by("available_at", "id").values_list("id", "file_name", "size", "available_at", "changed_at")
    return [Listed(pk, name, size, at, changed) for pk, name, size, at, changed in rows[:limit] if at]


def served_part(client: Client, *, direction: Direction, name: str) -> FirmInvoice | None:
    """The invoice that is served under this name, whether it was fetched before or not."""
    return FirmInvoice.objects.filter(
        firm=client.firm_id, client=client.pk, direction=direction, file_name=name, state__in=SERVED
    ).first()


def outgoing_file(part: FirmInvoice) -> InvoiceFile | None:
    """What leaves: the Factur-X made for it, or the original itself where it came as one."""
    files = {file.kind: file for file in InvoiceFile.objects.filter(invoice=part.invoice_id)}
    return files.get(FileKind.OUTGOING) or files.get(FileKind.ORIGINAL)
