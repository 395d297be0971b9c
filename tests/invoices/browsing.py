"""Pages of invoices as browsers ask for them, and what became of what was done there."""

import re
from typing import Any

from common.tenancy import tenant
from invoices.models import FirmInvoice, Invoice
from tests.invoices.conftest import SUPPLIER, Space, bytes_of, deposit, typed


def own(space: Space, rest: str = "") -> str:
    return f"/entreprises/{space.company.siren}/factures/{rest}"


def firm(space: Space, rest: str = "") -> str:
    return f"/cabinets/{space.cabinet.firm.siret}/factures/{rest}"


def filed(space: Space, *, container: str = "facturx", name: str = "facture.pdf", **terms: Any) -> Invoice:
    invoice = typed(seller=SUPPLIER, buyer=space.company.siren, **terms)
    made = deposit(space, bytes_of(invoice, container=container), name=name).invoice
    assert made is not None
    return made


def part_of(space: Space, invoice: Invoice) -> FirmInvoice:
    with tenant(firm=space.cabinet.firm.pk):
        return FirmInvoice.objects.get(invoice=invoice)


def now(space: Space, invoice: Invoice) -> Invoice:
    with tenant(company=space.company.pk):
        return Invoice.objects.get(pk=invoice.pk)


def numbers(answer: Any) -> list[str]:
    """The rows of the list, in the order of the page."""
    return re.findall(r'<a class="name"[^>]*>([^<]+)</a>', answer.content.decode())
