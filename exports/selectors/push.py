"""What has to leave, with what, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from clients.enums import ClientStatus
from common.tenancy import tenant
from exports.enums import DeliveryState
from exports.models import ClientExport, Delivery
from exports.selectors.pull import SERVED
from invoices.enums import Direction, FileKind
from invoices.models import FirmInvoice, InvoiceFile
from outbox.enums import EmailKind, EmailState
from outbox.models import OutgoingEmail


@dataclass(frozen=True)
class Undelivered:
    """An invoice that a client's connection has not sent yet."""

    firm_id: UUID
    company_id: UUID
    invoice_id: UUID
    direction: str
    connection: ClientExport


def undelivered(*, until: datetime, limit: int) -> list[Undelivered]:
    """
    What became available since each connection last looked, and no later than `until`, without a delivery.

    Needs a platform context: it looks across firms.
    """
    connection = "client__export_connections"
    rows = (
        FirmInvoice.objects.filter(
            # Firm, client, direction and state: the pull index finds the few that are new.
            firm=F(f"{connection}__firm"),
            direction__in=Direction.values,
            state__in=SERVED,
            available_at__gt=F(f"{connection}__looked_until"),
            available_at__lte=until,
            client__status=ClientStatus.ACTIVE,
            **{f"{connection}__configuration__enabled": True},
        )
        .annotate(connection=F(f"{connection}__id"), configuration=F(f"{connection}__configuration_id"))
        .filter(~Exists(Delivery.objects.filter(invoice=OuterRef("invoice"), configuration=OuterRef("configuration"))))
        .order_by("available_at", "id")
        .values_list("firm_id", "company_id", "invoice_id", "direction", "connection")[:limit]
    )
    found = list(rows)
    connections = ClientExport.objects.select_related("configuration").in_bulk({row[4] for row in found})
    return [Undelivered(firm, company, invoice, way, connections[pk]) for firm, company, invoice, way, pk in found]


def delivery_owner(pk: UUID) -> tuple[UUID, UUID] | None:
    """Firm and company of a delivery, before either is known."""
    with tenant(platform="a worker is given a delivery's id alone"):
        return Delivery.objects.filter(pk=pk).values_list("firm_id", "company_id").first()


def part_of(delivery: Delivery) -> FirmInvoice | None:
    """The firm's part, locked so that its validation cannot be undone while it leaves; None when it was undone."""
    return (
        FirmInvoice.objects.select_for_update(of=("self",))
        .select_related("invoice", "client")
        .filter(firm=delivery.firm_id, invoice=delivery.invoice_id, state__in=SERVED)
        .first()
    )


def files_to_send(delivery: Delivery) -> list[InvoiceFile]:
    """What leaves, and the original where the configuration wants it and it is another file.

    A Factur-X leaves as it came: it is its own original.
    """
    files = {file.kind: file for file in InvoiceFile.objects.filter(invoice=delivery.invoice_id)}
    original = files.get(FileKind.ORIGINAL)
    outgoing = files.get(FileKind.OUTGOING) or original
    wanted = [outgoing] if outgoing else []
    if outgoing and original and delivery.configuration.with_original and original.sha256 != outgoing.sha256:
        wanted.append(original)
    return wanted


def carrying_email(delivery: Delivery) -> OutgoingEmail | None:
    return OutgoingEmail.objects.filter(pk=delivery.email_id).first() if delivery.email_id else None


def deliveries_bounced_late(*, limit: int) -> list[UUID]:
    """Deliveries that count as sent whose e-mail came back since. Needs a platform context."""
    bounced = OutgoingEmail.objects.filter(kind=EmailKind.DELIVERY, state=EmailState.BOUNCED).values("pk")
    return list(
        Delivery.objects.filter(state=DeliveryState.SENT, email_id__in=bounced).values_list("pk", flat=True)[:limit]
    )
