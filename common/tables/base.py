from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from operator import attrgetter
from typing import Any, ClassVar

import django_tables2 as tables
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django_tables2.columns import BoundColumn

from common.tables.choice import Choice
from common.tables.paging import DEFAULT_PAGE_SIZE, PAGE_SIZES, KeyPaginator, pages_by_key


class Table(tables.Table):  # type: ignore[misc] # django-tables2 publishes no types
    """
    A list with sortable columns, whose rows follow their own name.

    Classes of columns: `low` (wide screens only), `mid` (from small laptops on, cut where there is no room),
    `nophone` (not on tablets and phones), `wrap`, `num`, `sub`.
    """

    #: The empty state: a part with its own title, text and button; see components/empty_state.html.
    empty_template: ClassVar[str] = "components/empty_list.html"
    #: Classes of the <table>; `keep` keeps it a table on a phone, where rows are cards otherwise.
    css: ClassVar[str] = "jf sticky"
    #: What the list holds, for those who hear the page.
    caption: ClassVar[str] = ""
    #: The columns that a person may choose, if any.
    choice: ClassVar[Choice | None] = None
    #: Set by the view when a search or a filter is on: an empty list then says so.
    filtered: bool = False

    class Meta:
        template_name = "tables/table.html"

    def __init__(self, *args: Any, chosen: Mapping[str, Sequence[str]] | None = None, **kwargs: Any) -> None:
        """`chosen`: the columns that the person has chosen in each list (see Choice)."""
        self.shown = self.choice.shown(chosen or {}) if self.choice else frozenset[str]()
        if self.choice:
            kwargs["exclude"] = set(self.choice.names) - self.shown
        # Not in Meta alone: a subclass with no Meta of its own would lose them.
        words = {"order_by_field": "tri", "page_field": "page", "per_page_field": "par"}
        super().__init__(*args, **{"template_name": "tables/table.html", **words, **kwargs})

    @property
    def order_by(self) -> Any:
        return super().order_by

    @order_by.setter
    def order_by(self, value: Any) -> None:
        """Rows that the chosen column does not tell apart keep one order: none stands on two pages, or on no page."""
        tables.Table.order_by.fset(self, value)
        rows = self.data.data
        if not isinstance(rows, QuerySet) or rows.query.is_sliced:  # a short list is cut already, in its own order
            return
        if rows.query.order_by and rows.query.order_by[-1] not in ("pk", "-pk"):
            keys = rows.query.order_by
            # The way that the first key goes, as the indexes do.
            self.data.data = rows.order_by(*keys, "-pk" if str(keys[0]).startswith("-") else "pk")

    @property
    def query(self) -> QuerySet[Any]:
        """The rows of a list that is one query, in their order."""
        rows: QuerySet[Any] = self.data.data
        return rows

    def whole_rows(self) -> QuerySet[Any]:
        """The query that reads a page's rows by their keys, with all that the columns show of them."""
        return self.query

    def paginate(self, *args: Any, per_page: int | None = None, **kwargs: Any) -> None:
        """Within bounds: the size may come from the address, where anybody may write."""
        bounded = per_page if per_page and 1 <= per_page <= PAGE_SIZES[-1] else DEFAULT_PAGE_SIZE
        if pages_by_key(self.data.data):
            kwargs["paginator_class"] = KeyPaginator
        super().paginate(*args, per_page=bounded, **kwargs)

    @property
    def page_sizes(self) -> tuple[int, ...]:
        """The sizes worth offering for this list; none when all of it fits the smallest."""
        return PAGE_SIZES if self.count > PAGE_SIZES[0] else ()

    @property
    def count(self) -> int:
        """How many rows there are on all pages together."""
        return int(self.paginator.count) if getattr(self, "paginator", None) else len(self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether there is no row on this page, nor on another one."""
        return not (getattr(self, "page", None) and len(self.page.object_list)) and not self.rows

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(name, heading, shown) of each column that the person may choose."""
        names = self.choice.names if self.choice else ()
        return [(name, self.base_columns[name].verbose_name, name in self.shown) for name in names]

    def body(self) -> SafeString:
        """The rows of this page. What a column has in common for all of them is found once, not in each cell."""
        cells = [_cells(self, column) for column in self.columns]
        records = [row.record for row in self.paginated_rows]
        return SafeString("".join(f"<tr>{''.join([draw(record) for draw in cells])}</tr>" for record in records))


def _cells(table: Table, column: BoundColumn) -> Callable[[Any], str]:
    """What draws this column's cell for a record, as django-tables2 would: empty values, default, render."""
    heading = column.verbose_name
    label = format_html(' data-label="{}"', heading) if heading else ""
    opening = format_html("<td {}{}>", column.attrs["td"].as_html(), label)
    read, default, empty_values = _reader(column), conditional_escape(column.default), column.column.empty_values
    arguments = {"table": table, "column": column.column, "bound_column": column}
    wanted = signature(column.render).parameters
    constant = {name: value for name, value in arguments.items() if name in wanted}
    takes_value, takes_record, render = "value" in wanted, "record" in wanted, column.render

    def draw(record: Any) -> str:
        value = read(record)
        if value in empty_values:
            return f"{opening}{default}</td>"
        changing = {"value": value} if takes_value else {}
        if takes_record:
            changing["record"] = record
        return f"{opening}{conditional_escape(render(**constant, **changing))}</td>"

    return draw


def _reader(column: BoundColumn) -> Callable[[Any], Any]:
    """What takes the column's value from a record: its accessor's path, looked up once; None where it leads nowhere."""
    accessor = tables.A(column.accessor)
    path = attrgetter(".".join(accessor.bits))

    def read(record: Any) -> Any:
        try:
            value = path(record)
        except ObjectDoesNotExist:
            return None
        except AttributeError:  # a step that is no attribute: a key, an index, a method to be called, nothing
            return accessor.resolve(record, quiet=True)
        return value() if callable(value) else value

    return read


def choosable(key: str) -> Choice | None:
    """The choice that a list offers under `key`."""
    choices = (table.choice for table in Table.__subclasses__())
    return next((choice for choice in choices if choice and choice.key == key), None)
