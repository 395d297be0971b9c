"""Lists: the base table and the few kinds of column that every list is made of."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import typography
from common.templatetags import jf

#: What a person may choose, and what a list has otherwise.
PAGE_SIZES = (25, 50, 100, 200)
DEFAULT_PAGE_SIZE = 50

DASH = SafeString('<span class="sub">—</span>')


def cell(css: str, *, header: str | None = None) -> dict[str, dict[str, str]]:
    """The attributes of a column: classes of its cells and, unless told otherwise, of its header."""
    return {"td": {"class": css}, "th": {"class": css if header is None else header}}


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
    #: Set by the view when a search or a filter is on: an empty list then says so.
    filtered: bool = False

    class Meta:
        template_name = "tables/table.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
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

    def paginate(self, *args: Any, per_page: int | None = None, **kwargs: Any) -> None:
        """Within bounds: the size may come from the address, where anybody may write."""
        bounded = per_page if per_page and 1 <= per_page <= PAGE_SIZES[-1] else DEFAULT_PAGE_SIZE
        super().paginate(*args, per_page=bounded, **kwargs)

    @property
    def page_sizes(self) -> tuple[int, ...]:
        """The sizes worth offering for this list; none when all of it fits the smallest."""
        return PAGE_SIZES if self.count > PAGE_SIZES[0] else ()

    @property
    def count(self) -> int:
        """How many rows there are on all pages together."""
        return int(self.paginator.count) if getattr(self, "paginator", None) else len(self.rows)


class CheckColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """The box that chooses a row for the bulk bar; `accessor` names what its form posts as `ids`."""

    def __init__(self, *, name_of: Callable[[Any], str] = str, **kwargs: Any) -> None:
        kwargs.setdefault("accessor", "pk")
        super().__init__(verbose_name="", orderable=False, attrs=cell("k"), **kwargs)
        self.name_of = name_of

    @property
    def header(self) -> SafeString:
        return SafeString(
            '<label><input type="checkbox" class="form-check-input" data-bulk-all '
            'aria-label="Choisir toute la page"></label>'
        )

    def render(self, value: object, record: object) -> SafeString:
        return format_html(
            '<label><input type="checkbox" class="form-check-input" name="ids" value="{}" '
            'aria-label="Choisir {}"></label>',
            value,
            self.name_of(record),
        )


class NameColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """The row's name. Its anchor covers the whole row, so that a press anywhere opens it (in a new tab too)."""

    def __init__(
        self, url: Callable[[Any], str] | str, *, detail: Callable[[Any], str] | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("attrs", cell("main"))
        super().__init__(**kwargs)
        self.url = url
        self.detail = detail

    def render(self, value: object, record: Any) -> SafeString:
        href = self.url(record) if callable(self.url) else reverse(self.url, args=[record.pk])
        link = format_html('<a class="name" href="{}">{}</a>', href, value)
        return format_html('{} <span class="sub">{}</span>', link, self.detail(record)) if self.detail else link


class StateColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """A state as its word and icon; the column names the field, its French word is what Django displays."""

    def render(self, value: object) -> SafeString:
        return jf.state(value)


class NumberColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """A count; zero is a dash, so that the rows which matter stand out."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", cell("num"))
        super().__init__(**kwargs)

    def render(self, value: int) -> str:
        return typography.number(value) if value else DASH


class AmountColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """An amount in the row's own currency."""

    def __init__(self, *, currency: str = "currency", **kwargs: Any) -> None:
        kwargs.setdefault("attrs", cell("num"))
        super().__init__(**kwargs)
        self.currency = currency

    def render(self, value: Any, record: Any) -> str:
        return typography.amount(value, getattr(record, self.currency, None) or "EUR")


class SirenColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """A SIREN or a SIRET in groups, which can be selected and copied within a row that is a link."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", cell("sub"))
        super().__init__(**kwargs)

    def render(self, value: str) -> SafeString:
        return format_html('<span class="mono copyable">{}</span>', jf.show_siren(jf.show_siret(value)))


class DateColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    def __init__(self, *, with_time: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", cell("mono sub"))
        super().__init__(**kwargs)
        self.with_time = with_time

    def render(self, value: Any) -> str:
        return typography.datetime_fr(value) if self.with_time else typography.date_fr(value)


class MenuColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """The « ⋮ » at the end of a row: `template` holds the menu's entries, given `record` and the page's context."""

    def __init__(self, template: str, *, name_of: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(verbose_name="", orderable=False, empty_values=(), attrs=cell("menu"), **kwargs)
        self.template = template
        self.name_of = name_of

    @property
    def header(self) -> SafeString:
        return SafeString('<span class="visually-hidden">Actions</span>')

    def render(self, record: Any, table: Table) -> SafeString:
        page = table.context.flatten() if getattr(table, "context", None) else {}
        return SafeString(
            render_to_string(
                "components/row_menu.html",
                {**page, "record": record, "row_name": self.name_of(record), "entries": self.template},
            )
        )
