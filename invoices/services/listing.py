"""« Exporter »: a list of invoices as a workbook, in its order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from clients.models import CompanyMembership
from common.journal import record
from common.tenancy import tenant
from common.typography import date_fr
from common.xlsx import Cell, list_workbook
from firms.models import Membership
from invoices.models import FirmInvoice, Invoice

#: A workbook of more rows is of no use, and would take minutes.
MOST_EXPORTED: Final = 100_000
_AT_ONCE: Final = 1000
_COLUMNS: Final = (
    ("Numéro", 22),
    ("Date", 12),
    ("Sens", 8),
    ("Client", 32),
    ("Fournisseur ou client", 32),
    ("Total HT", 14),
    ("TVA", 14),
    ("Total TTC", 14),
    ("Devise", 8),
    ("État", 24),
    ("Contrôles", 14),
)


@dataclass(frozen=True)
class Listed:
    """Which list, in whose tenant its rows are read."""

    model: type[Invoice] | type[FirmInvoice]
    firm: UUID | None = None
    company: UUID | None = None


def export_list(actor: Membership | CompanyMembership, *, listed: Listed, keys: Sequence[UUID]) -> Iterator[bytes]:
    """
    The bytes of the workbook, in the order of the keys, which the actor's own list has found.

    They are read as the bytes are taken, a thousand per transaction, so that no connection waits for the person.
    """
    with tenant(firm=listed.firm, company=listed.company):
        record(actor, "invoice.exported", invoices=len(keys))
    return list_workbook("Factures", _COLUMNS, _rows(listed, keys))


def _rows(listed: Listed, keys: Sequence[UUID]) -> Iterator[Sequence[Cell]]:
    whole = FirmInvoice.objects.select_related("client").defer("search")
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        with tenant(firm=listed.firm, company=listed.company):
            rows = whole if listed.model is FirmInvoice else Invoice.objects.select_related("company").defer("data")
            found = rows.in_bulk(some)
        yield from (_cells(found[key]) for key in some if key in found)


def _cells(row: Invoice | FirmInvoice) -> Sequence[Cell]:
    return (
        row.number,
        date_fr(row.issue_date),
        row.get_direction_display(),
        row.client.name if isinstance(row, FirmInvoice) else row.company.name,
        row.other_party,
        *(_number(value) for value in (row.total_without_vat, row.total_vat, row.total_with_vat)),
        row.currency,
        row.get_state_display(),
        row.get_verdict_display(),
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
