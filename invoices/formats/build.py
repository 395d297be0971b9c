"""Building XML without empty elements: a value that is None makes no element, nor does a group of nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from lxml import etree

from invoices.formats.xml import path

Value = str | Decimal | date | bool | None


def leaf(parent: etree._Element, short: str, value: Value, **attributes: str | None) -> None:
    """An element with a text, at the end of `parent`. Decimals keep their digits."""
    if value is None or value == "":
        return
    element = etree.SubElement(parent, path(short))
    element.text = _text(value)
    for name, attribute in attributes.items():
        if attribute:
            element.set(name, attribute)


@contextmanager
def group(parent: etree._Element, short: str) -> Iterator[etree._Element]:
    """An element for others to be put in; it goes away where none was."""
    element = etree.SubElement(parent, path(short))
    yield element
    if len(element) == 0 and not element.text:
        parent.remove(element)


def serialise(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _text(value: str | Decimal | date | bool) -> str:  # noqa: FBT001 - a value, not a switch
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value
