"""What was kept for its time and nobody holds may go: a person asks for it, as the owner of the database."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from common import vault
from common.journal import ASSISTANCE, record
from common.models import KeptObject
from common.tenancy import tenant
from invoices.models import Deposit, Invoice, InvoiceFile
from invoices.services.timeline import note

_BATCH: Final = 200
_TEXT: Final = "Fichiers supprimés : la durée de conservation est écoulée."


def expired() -> QuerySet[Invoice]:
    """Invoices whose files may go. Needs the owner, or platform."""
    may_go = RawSQL("invoices_may_go(invoices_invoice.id)", [])
    return Invoice.objects.annotate(may_go=may_go).filter(may_go=True, files__isnull=False).distinct().order_by("id")


def remove_expired() -> Iterator[Invoice]:
    """
    Take away the files of each, one transaction an invoice; its row and its timeline stay, with what was done.

    Run as the owner of the database: the application may not. Bytes go once that is committed; a command that is
    broken off there is repeated (leftovers are « added » for verify_archive).
    """
    while batch := list(expired()[:_BATCH]):
        for invoice in batch:
            names = _remove(invoice)
            for name in names:
                vault.forget(name)
            yield invoice


def _remove(invoice: Invoice) -> set[str]:
    with tenant(company=invoice.company_id):
        Invoice.objects.select_for_update().get(pk=invoice.pk)  # a hold that comes now waits, or is seen by the trigger
        rows: list[Any] = [*InvoiceFile.objects.filter(invoice=invoice), *Deposit.objects.filter(invoice=invoice)]
        KeptObject.objects.bulk_create(
            KeptObject(
                company_id=row.company_id,
                source=row._meta.db_table,
                source_id=row.pk,
                name=row.stored_as,
                size=row.size,
                sha256=row.sha256,
                gone=True,
            )
            for row in rows
        )
        InvoiceFile.objects.filter(invoice=invoice).delete()
        note(invoice, "removed", actor=ASSISTANCE.actor_name, text=_TEXT)
        record(ASSISTANCE, "invoice.removed", invoice, files=[row.sha256 for row in rows])
    return {row.stored_as for row in rows}


def is_owner() -> bool:
    """Whether this connection may delete what was kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('invoices_invoicefile', 'DELETE')")
        answer: bool = cursor.fetchone()[0]
    return answer
