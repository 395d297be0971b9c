"""The product's own words in templates: numbers, dates, states, the rail."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from heroicons.templatetags.heroicons import heroicon_outline

from common import identifiers, navigation, states, typography

register = template.Library()


@register.filter(name="siren")
def show_siren(value: str | None) -> str:
    """Nine digits in groups of three; anything else as it is."""
    text = value or ""
    return identifiers.format_siren(text) if _is_digits(text, identifiers.SIREN_LENGTH) else text


@register.filter(name="siret")
def show_siret(value: str | None) -> str:
    """Fourteen digits in groups; anything else as it is."""
    text = value or ""
    return identifiers.format_siret(text) if _is_digits(text, identifiers.SIRET_LENGTH) else text


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isdecimal()


@register.filter
def euro(value: Decimal | float | str | None, currency: str = "EUR") -> str:
    """`{{ invoice.total_with_vat|euro:invoice.currency }}` → « 1 240,00 € »."""
    return typography.amount(value, currency)


@register.filter
def number(value: Decimal | float | str | None) -> str:
    """1248 → « 1 248 »."""
    return "" if value is None or value == "" else typography.number(value)


@register.filter
def datetime_fr(value: date | datetime | None) -> str:
    return typography.datetime_fr(value)


@register.filter
def date_fr(value: date | datetime | None) -> str:
    return typography.date_fr(value)


@register.filter
def file_size(value: int | None) -> str:
    return "" if value is None else typography.file_size(value)


@register.filter(is_safe=True)
@stringfilter
def nbsp(value: str) -> str:
    """French spaces that do not break, for a text that was typed with ordinary ones."""
    return typography.french(value)


@register.filter
def plural(count: int, words: str) -> str:
    """`{{ count|plural:"client,clients" }}` → « 1 248 clients »; in French zero is singular."""
    singular, several = words.split(",")
    return f"{typography.number(count)}{typography.NBSP}{singular if abs(count) < 2 else several}"  # noqa: PLR2004 - French


@register.filter
def initials(name: object) -> str:
    """« Marie Durand » → « MD », for the round badge; a lone word or an e-mail gives its first two letters."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    letters = f"{words[0][0]}{words[-1][0]}" if len(words) > 1 else "".join(words)[:2]
    return letters.upper()


@register.simple_tag
def icon(name: str, size: int = 18, css: str = "") -> SafeString:
    """`{% icon "users" %}`: a decorative outline icon. Its meaning must also be said in words beside it."""
    return _icon(str(name), size, str(css))


@lru_cache(maxsize=512)
def _icon(name: str, size: int, css: str) -> SafeString:
    svg = heroicon_outline(
        name, size=size, **{"class": f"i {css}".strip(), "aria_hidden": "true", "focusable": "false"}
    )
    return mark_safe(" ".join(svg.split()))  # noqa: S308 - the icon package's own markup, its names are ours


@register.simple_tag
def state(word: object, tone: str = "", icon: str = "") -> SafeString:
    """
    `{% state client.get_status_display %}`: a state's word in its colour with its icon.

    `tone` (idle, live, wait, done, wrong) and `icon` override what the word alone would give.
    """
    text = str(word or "")
    look = states.look_of(text, tone=tone, icon=icon)
    return format_html('<span class="state {}">{}{}</span>', look.tone, _icon(look.icon, 14, ""), text)


@register.simple_tag
def url_or_none(name: str, **kwargs: object) -> str:
    """As `url`, but empty where no such page exists (yet)."""
    return navigation.url_or_none(name, **kwargs) or ""


@register.inclusion_tag("components/rail.html", takes_context=True)
def firm_rail(context: Context) -> dict[str, Any]:
    """Reads `firm`, `membership`, `rail` (the page's key) and `rail_counts` from the page."""
    firm, membership = context.get("firm"), context.get("membership")
    return {
        "items": navigation.rail_items(
            navigation.FIRM_RAIL,
            **_where(context),
            administrator=bool(getattr(membership, "is_administrator", False)),
            siret=str(getattr(firm, "siret", "")),
        )
    }


@register.inclusion_tag("components/rail.html", takes_context=True)
def company_rail(context: Context) -> dict[str, Any]:
    """Reads `company`, `acting_firm` (a firm at work in its client's space), `rail` and `rail_counts`."""
    company = context.get("company")
    return {
        "items": navigation.rail_items(
            navigation.COMPANY_RAIL,
            **_where(context),
            administrator=not context.get("acting_firm"),
            siren=str(getattr(company, "siren", "")),
        )
    }


def _where(context: Context) -> dict[str, Any]:
    request = context.get("request")
    return {
        "path": getattr(request, "path", ""),
        "current": context.get("rail") or "",
        "counts": context.get("rail_counts"),
    }


@register.simple_tag(takes_context=True)
def running_work(context: Context) -> list[str]:
    """Addresses of the fragments that tell of long work under way in this space."""
    siret = getattr(context.get("firm"), "siret", None)
    if not siret:
        return []
    found = (navigation.url_or_none(name, siret=siret) for name in navigation.RUNNING_WORK)
    return [url for url in found if url]


@register.simple_tag(takes_context=True)
def bind_table(context: Context, table: Any) -> str:
    """
    Let the columns of an included table read the page (`firm`, the CSRF token), as `render_table` does.

    Costs nothing where `render_table` was used: it has bound the page already.
    """
    if not hasattr(table, "context"):
        table.context = context
    return ""
