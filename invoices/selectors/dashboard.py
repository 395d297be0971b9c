"""
The figures of « Accueil », for a company or as one member of a firm sees them.

Counted from the indexes alone, and no further than MOST_COUNTED: ten thousand entries take two milliseconds, whatever
the table holds. Rows of sums would be quicker still, but each filing and each decision of a firm would wait for the
others to write the same row. The months, which count everything, are kept for some minutes instead.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from clients.models import Client
from common.tables import MOST_COUNTED
from invoices.chart import Month
from invoices.enums import Direction

MONTHS: Final = 12
_SECONDS: Final = 300
_TOP: Final = 5


def count_up_to(rows: QuerySet[Any]) -> int:
    """At most MOST_COUNTED + 1."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def months_of(rows: QuerySet[Any], *, key: str) -> list[Month]:
    """By the date of the invoice, the last twelve months, empty ones too. `key`: whose they are."""
    today = timezone.localdate()
    name = f"invoices.months:{key}:{today:%Y-%m}"
    found: dict[tuple[str, str], int] | None = cache.get(name)
    first = _back(today, MONTHS - 1)
    if found is None:
        counted = (
            rows.filter(issue_date__gte=first, issue_date__lt=_back(today, -1))
            .order_by()
            .values_list(TruncMonth("issue_date"), "direction")
            .annotate(Count("pk"))
        )
        found = {(month.isoformat(), direction): count for month, direction, count in counted}
        cache.set(name, found, _SECONDS)
    return [
        Month(month, found.get((f"{month}", Direction.PURCHASE), 0), found.get((f"{month}", Direction.SALE), 0))
        for month in (_back(today, ago) for ago in range(MONTHS - 1, -1, -1))
    ]


def most_waiting(parts: QuerySet[Any]) -> Iterator[tuple[Client, int]]:
    """The clients with the most of these invoices, among the latest MOST_COUNTED."""
    top = Counter(parts.values_list("client_id", flat=True)[:MOST_COUNTED]).most_common(_TOP)
    clients = Client.objects.in_bulk([key for key, _count in top])
    return ((clients[key], count) for key, count in top if key in clients)


def _back(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
