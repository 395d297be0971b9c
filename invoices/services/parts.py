"""A firm's part of an invoice, whenever the firm comes to see it."""

import re
import unicodedata
from typing import Final

from clients.models import Client
from invoices.enums import Direction, FirmState, InvoiceState
from invoices.models import FirmInvoice, Invoice

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9.-]+")


def part_of(client: Client, invoice: Invoice, *, size: int) -> FirmInvoice:
    """
    What one firm is to see of one invoice, not saved yet; `size`: of what leaves.

    A validated one is « À transférer » as of the day of its validation: the firm's software finds it, and nothing is
    pushed that was validated before a connection.
    """
    ready = invoice.state == InvoiceState.VALIDATED
    part = FirmInvoice(
        firm_id=client.firm_id,
        company_id=invoice.company_id,
        client=client,
        invoice=invoice,
        direction=invoice.direction,
        issue_date=invoice.issue_date,
        size=size,
        state=FirmState.TO_TRANSFER if ready else FirmState.PENDING,
        available_at=(invoice.validated_at or invoice.filed_at) if ready else None,
    )
    part.file_name = partner_name(invoice, part)
    return part


def partner_name(invoice: Invoice, part: FirmInvoice) -> str:
    """`{achat|vente}_{AAAAMMJJ}_{number, safe characters}_{32 hex}.pdf`, stable and unique (contract of comapi)."""
    word = "achat" if invoice.direction == Direction.PURCHASE else "vente"
    return f"{word}_{invoice.issue_date.isoformat().replace('-', '')}_{safe_number(invoice.number)}_{part.pk.hex}.pdf"


def safe_number(number: str) -> str:
    """The invoice's number with letters, digits, dots and dashes only, at most 60 characters."""
    ascii_only = unicodedata.normalize("NFKD", number).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", ascii_only).strip("-.")[:60] or "sans-numero"
