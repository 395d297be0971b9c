"""The few kinds of column that every list is made of."""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.template import Context, Template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import typography
from common.tables.menus import row_menu
from common.templatetags import jf

_NIL = UUID(int=0)
DASH = SafeString('<span class="sub">—</span>')


def cell(css: str, *, header: str | None = None) -> dict[str, dict[str, str]]:
    """The attributes of a column: classes of its cells and, unless told otherwise, of its header."""
    return {"td": {"class": css}, "th": {"class": css if header is None else header}}


def addresses(name: str, *before: str) -> Callable[[object], str]:
    """`reverse(name, args=[*before, key])` for the rows of a list: the pattern is looked up once, for all of them."""
    start, end = reverse(name, args=[*before, _NIL]).split(str(_NIL))
    return lambda key: f"{start}{key}{end}"


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


def name_link(href: str, name: object, detail: str = "") -> SafeString:
    """A row's name. Its anchor covers the whole row, so that a press anywhere opens it (in a new tab too)."""
    link = format_html('<a class="name" href="{}">{}</a>', href, name)
    return format_html('{} <span class="sub">{}</span>', link, detail) if detail else link


class NameColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """The row's name, a link to `url` of its record."""

    def __init__(self, url: Callable[[Any], str], **kwargs: Any) -> None:
        kwargs.setdefault("attrs", cell("main"))
        super().__init__(**kwargs)
        self.url = url

    def render(self, value: object, record: Any) -> SafeString:
        return name_link(self.url(record), value)


class StateColumn(tables.Column):  # type: ignore[misc] # django-tables2 publishes no types
    """A state as its word and icon; the column names the field, its French word is what Django displays."""

    def render(self, value: object) -> SafeString:
        return _state(str(value))


@lru_cache(maxsize=256)
def _state(word: str) -> SafeString:
    return jf.state(word)


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
    """
    The « ⋮ » at the end of a row: `template` holds the menu's entries, given `record` and the page's context.

    A list of many rows draws its entries itself instead (`render_menu`, with menus.Entry), without a template.
    """

    def __init__(self, template: str = "", *, name_of: Callable[[Any], str] = str, **kwargs: Any) -> None:
        super().__init__(verbose_name="", orderable=False, empty_values=(), attrs=cell("menu"), **kwargs)
        self.template = template
        self.name_of = name_of

    @property
    def header(self) -> SafeString:
        return SafeString('<span class="visually-hidden">Actions</span>')

    @cached_property
    def entries(self) -> Template:
        template: Template = get_template(self.template).template  # type: ignore[attr-defined] # Django's own engine
        return template

    def render(self, record: Any, table: Any) -> SafeString:
        page: Context = getattr(table, "context", None) or Context()
        with page.push(record=record):
            return row_menu(self.name_of(record), [self.entries.render(page)])
