"""« Suivant » and « Précédent » by the last row's key: the hundred-thousandth page costs what the first one does."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict
from django_tables2.rows import BoundRows

from common.tables.paging import DEFAULT_PAGE_SIZE, PAGE_SIZES
from common.typography import number

#: Beyond this many rows a list says « plus de 10 000 » and counts no further.
MOST_COUNTED = 10_000
AFTER, BEFORE = "apres", "avant"
_HEX = 32


@dataclass(frozen=True)
class KeysetPage:
    """The rows, and the places that the pages around them begin at; None where there is no such page."""

    object_list: Any
    next: str | None
    previous: str | None
    by_key: bool = True


@dataclass(frozen=True)
class _Size:
    per_page: int
    count: int


class KeysetPages:
    """
    For a Table of one query whose order is one column and the primary key, both the same way, as an index has them.

    Under row-level security PostgreSQL looks into an index for leakproof comparisons only: the column is a date, a
    whole number or a text, never a decimal.
    """

    #: The address's query, which says where the page begins.
    place: QueryDict
    data: Any
    rows: Any
    page: KeysetPage
    paginator: _Size
    query: QuerySet[Any]

    def whole_rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def paginate(self, *_args: Any, per_page: int | None = None, **_kwargs: Any) -> None:
        size = per_page if per_page and 1 <= per_page <= PAGE_SIZES[-1] else DEFAULT_PAGE_SIZE
        order = Order.of(self.query)
        before, start = order.place(self.place)
        found = list(order.rows(self.query, start, backwards=before)[: size + 1])
        more, found = len(found) > size, found[:size]
        if before:
            found.reverse()
        whole = self.whole_rows().in_bulk([key for key, _value in found])
        self.page = KeysetPage(
            object_list=BoundRows(data=[whole[key] for key, _value in found if key in whole], table=self),
            next=_token(*found[-1]) if found and (more or before) else None,
            previous=_token(*found[0]) if found and (more if before else start is not None) else None,
        )
        self.paginator = _Size(size, self._count(found, alone=start is None and not more))

    def _count(self, found: list[Any], *, alone: bool) -> int:
        return len(found) if alone else self.query.order_by()[: MOST_COUNTED + 1].count()

    @property
    def count(self) -> int:
        """At most MOST_COUNTED + 1."""
        return self.paginator.count

    @property
    def count_shown(self) -> str:
        return f"plus de {number(MOST_COUNTED)}" if self.count > MOST_COUNTED else number(self.count)

    @property
    def is_empty(self) -> bool:
        return not len(self.page.object_list)


@dataclass(frozen=True)
class Order:
    field: "Field[Any, Any]"
    descending: bool

    @classmethod
    def of(cls, query: QuerySet[Any]) -> "Order":
        first = str(query.query.order_by[0])
        return cls(query.model._meta.get_field(first.lstrip("-")), first.startswith("-"))

    def place(self, asked: QueryDict) -> tuple[bool, tuple[Any, UUID] | None]:
        """Whether the page ends there, and where; None for the first page and for what is no place in this order."""
        for name in (AFTER, BEFORE):
            said = asked.get(name, "")
            try:
                return name == BEFORE, (self.field.clean(said[_HEX:], None), UUID(said[:_HEX]))
            except (ValueError, ValidationError):
                continue
        return False, None

    def rows(self, query: QuerySet[Any], start: tuple[Any, UUID] | None, *, backwards: bool) -> Any:
        """(key, value) of each row beyond `start`, in the order or against it."""
        down = self.descending != backwards
        sign, name = "-" if down else "", self.field.name
        narrow = query.order_by(f"{sign}{name}", f"{sign}pk").values_list("pk", name)
        if start is None:
            return narrow
        value, key = start
        here = Func(F(name), F("pk"), function="ROW", output_field=BooleanField())
        there = Func(Value(value, output_field=self.field), Value(key), function="ROW", output_field=BooleanField())
        return narrow.filter((LessThan if down else GreaterThan)(here, there))


def _token(key: UUID, value: Any) -> str:
    return f"{key.hex}{value}"
