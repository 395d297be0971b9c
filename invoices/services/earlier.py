"""A firm was connected later, and the company's owner agreed that it sees earlier invoices: they get its part."""

from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client, EarlierAccess
from common.journal import SYSTEM, record
from common.tenancy import tenant
from common.work import LEASE, begin_attempt, put_off, wake
from invoices.enums import FileKind
from invoices.models import FirmInvoice, Invoice, InvoiceFile
from invoices.services.parts import part_of

_CHUNK: Final = 500


def open_earlier(pk: UUID) -> None:
    """The next invoices of one agreement; killed at any line, the next attempt goes on where the last one ended."""
    with tenant(platform="a worker learns whose agreement it is"):
        agreement = EarlierAccess.claim(pk)
        if agreement is None:
            return
        begin_attempt(agreement)
    with tenant(firm=agreement.firm_id, company=agreement.company_id):
        claimed = EarlierAccess.claim(pk)
        if claimed is not None:
            _open_chunk(claimed)


def note_failure(pk: UUID, *, error: str) -> None:
    with tenant(platform="a worker knows an agreement by its id alone"):
        agreement = EarlierAccess.claim(pk)
        if agreement is not None:
            put_off(agreement, error=error)


def _open_chunk(agreement: EarlierAccess) -> None:
    # A file that was archived meanwhile gets nothing more.
    client = Client.objects.filter(pk=agreement.client_id, status=ClientStatus.ACTIVE).first()
    if client is not None and not agreement.total:
        agreement.total = _earlier(agreement, client).count()
    invoices = list(_after(agreement, client)[:_CHUNK]) if client is not None else []
    if client is None or not invoices:
        agreement.wake_at, agreement.finished_at = None, timezone.now()
        record(SYSTEM, "client.earlier_opened", client, invoices=agreement.done)
    else:
        FirmInvoice.objects.bulk_create(_parts(client, invoices))
        agreement.cursor, agreement.done = invoices[-1].pk, agreement.done + len(invoices)
        agreement.attempts, agreement.wake_at = 0, timezone.now() + LEASE
        wake(agreement)
    agreement.last_error = ""
    agreement.save()


def _earlier(agreement: EarlierAccess, client: Client) -> QuerySet[Invoice]:
    """What was filed before the firm was connected, has no part of the firm, and is agreed on."""
    part = FirmInvoice.objects.filter(firm=agreement.firm_id, invoice=OuterRef("pk"))
    found = Invoice.objects.filter(~Exists(part), company=agreement.company_id, filed_at__lte=client.activated_at)
    return found.filter(issue_date__gte=agreement.since) if agreement.since else found


def _after(agreement: EarlierAccess, client: Client) -> QuerySet[Invoice]:
    found = _earlier(agreement, client).order_by("pk")
    return found.filter(pk__gt=agreement.cursor) if agreement.cursor else found


def _parts(client: Client, invoices: list[Invoice]) -> list[FirmInvoice]:
    leaving = InvoiceFile.objects.filter(invoice__in=invoices, kind__in=(FileKind.ORIGINAL, FileKind.OUTGOING))
    # « original », then « facturx »: what was made for leaving counts where there is one.
    sizes = dict(leaving.order_by("-kind").values_list("invoice_id", "size"))
    return [part_of(client, invoice, size=sizes.get(invoice.pk, 0)) for invoice in invoices]
