"""The invoices before and after one, in the order of the lists."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from invoices.models import FirmInvoice, Invoice

Row = TypeVar("Row", Invoice, FirmInvoice)


@dataclass(frozen=True)
class Neighbours:
    """`previous` is the one above in the list, `next` the one below."""

    previous: UUID | None
    next: UUID | None


def neighbours_of(rows: QuerySet[Row], row: Row) -> Neighbours:
    """Two reads of one key each, by the index of the list's own order (latest first)."""
    above = Q(issue_date__gt=row.issue_date) | Q(issue_date=row.issue_date, id__gt=row.pk)
    below = Q(issue_date__lt=row.issue_date) | Q(issue_date=row.issue_date, id__lt=row.pk)
    keys = rows.select_related(None).values_list("pk", flat=True)
    return Neighbours(
        previous=keys.filter(above, issue_date__gte=row.issue_date).order_by("issue_date", "id").first(),
        next=keys.filter(below, issue_date__lte=row.issue_date).order_by("-issue_date", "-id").first(),
    )
