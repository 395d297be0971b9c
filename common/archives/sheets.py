"""Lists as French spreadsheets open them: CSV with `;`, a byte order mark, and no cell that becomes a formula."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from common.typography import datetime_fr

BOM: Final = "\ufeff"
#: A spreadsheet would take a text that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def line(values: Iterable[Any]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerow([cell(value) for value in values])
    return out.getvalue()


def cell(value: Any) -> str:
    """Dates, amounts and yes or no in French; several values are separated by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal):
        return _amount(value)
    if isinstance(value, date):
        return datetime_fr(value)
    text = _text(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ; ".join(f"{key} = {_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in value)
    return str(value)


def _amount(value: Decimal) -> str:
    """As stated, with two decimals at least and the comma that a French spreadsheet reads."""
    exponent = value.normalize().as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{value:.{decimals}f}".replace(".", ",")
