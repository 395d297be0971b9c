"""What the invoices of a list come to, in each currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from common.bulk import among
from common.tables import MOST_COUNTED


@dataclass(frozen=True)
class Total:
    currency: str
    count: int
    without_vat: Decimal | None
    vat: Decimal | None
    with_vat: Decimal | None


def totals_of(rows: QuerySet[Any], *, ticked: Sequence[UUID] = ()) -> list[Total]:
    """
    Of the ticked rows among `rows`, or of all of them, MOST_COUNTED at most: the first ones in the list's order.

    Amounts as they were stated, whatever the sign of a credit note.
    """
    chosen = rows.filter(among("id", ticked)) if ticked else rows
    keys = chosen.values("pk")[:MOST_COUNTED]
    summed = (
        rows.model._default_manager.filter(pk__in=keys)
        .order_by("currency")
        .values_list("currency")
        .annotate(Count("pk"), Sum("total_without_vat"), Sum("total_vat"), Sum("total_with_vat"))
    )
    return [Total(*line) for line in summed]
