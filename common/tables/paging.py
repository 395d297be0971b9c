"""Pages of a list: one look at its index finds which rows a page shows and how many there are; only those are read."""

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Window
from django_tables2.rows import BoundRows

if TYPE_CHECKING:
    from common.tables.base import Table

#: What a person may choose, and what a list has otherwise.
PAGE_SIZES = (25, 50, 100, 200)
DEFAULT_PAGE_SIZE = 50
_LAST = 1_000_000  # no list has as many pages, and PostgreSQL skips no more rows than a bigint counts


def pages_by_key(rows: object) -> bool:
    """Whether KeyPaginator can turn these pages: a query, uncut, in which each row stands once."""
    return isinstance(rows, QuerySet) and not (rows.query.is_sliced or rows.query.distinct or rows.query.combinator)


class KeyPaginator(Paginator):  # type: ignore[type-arg] # its rows are django-tables2's, which publishes no types
    """
    The page's keys and the number of all rows come from one query on narrow rows, the page's own rows from a second.

    Sorting and skipping whole rows would cost more with each page that is turned.
    """

    def __init__(self, rows: BoundRows, per_page: int, **kwargs: Any) -> None:
        super().__init__(rows, per_page, **kwargs)
        self.table: Table = rows.table

    def page(self, number: int | str) -> Any:
        """Raises EmptyPage as Django's does."""
        wanted = min(max(int(number), 1), _LAST)
        narrow = self.table.query.annotate(_all=Window(Count("*"))).values_list("pk", "_all")
        found = list(narrow[(wanted - 1) * self.per_page : wanted * self.per_page])
        # No row here: there is none at all, or this page is beyond the last one and they are counted by themselves.
        self.count = found[0][1] if found else self.table.query.count() if wanted > 1 else 0
        page = super().page(number)
        whole = self.table.whole_rows().in_bulk([key for key, _all in found])
        page.object_list = BoundRows(data=[whole[key] for key, _all in found if key in whole], table=self.table)
        return page
