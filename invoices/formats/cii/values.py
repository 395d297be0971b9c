"""The values that CII writes in its own way: dates with a format, indicators, identifiers in two elements."""

from contextlib import suppress
from datetime import date, datetime
from typing import Final

from invoices.formats.parties import Identifier
from invoices.formats.xml import Node, attribute, content, find, unreadable

# UNTDID 2379: the formats of a date that invoices use. A month stands for its first day.
DAY_DIGITS: Final = 8
DATE_FORMATS: Final = {"102": "%Y%m%d", "610": "%Y%m"}
# BT-8: CII states UNTDID 2475, the norm UNTDID 2005.
TAX_POINT_CODES: Final = {"5": "3", "29": "35", "72": "432"}


def day(node: Node | None, short: str) -> date | None:
    """The date inside `short`: a DateTimeString or DateString with its format, or (ZUGFeRD 1, ISO) a plain one."""
    holder = find(node, short)
    if holder is None:
        return None
    element = holder.only
    stated = content(element)
    if stated is None:
        return None
    if len(stated) == DAY_DIGITS and stated.isascii() and stated.isdigit():
        with suppress(ValueError):
            return date(int(stated[:4]), int(stated[4:6]), int(stated[6:]))
    pattern = DATE_FORMATS.get(attribute(element, "format") or "102", "%Y%m%d")
    for candidate in (pattern, "%Y%m%d", "%Y-%m-%d"):
        try:
            return datetime.strptime(stated[:10], candidate).date()  # noqa: DTZ007 - a calendar day, no instant
        except ValueError:
            continue
    raise unreadable(element, "n’est pas une date")


def indicator(node: Node | None, short: str) -> bool:
    holder = find(node, short)
    element = holder.only if holder is not None else None
    return content(element) in {"true", "1"}


def identifier(node: Node | None, short: str, *, scheme: str = "schemeID") -> Identifier | None:
    element = find(node, short)
    value = content(element)
    return Identifier(value=value, scheme=attribute(element, scheme)) if value else None
