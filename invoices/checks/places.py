"""Where in a document a rule is broken: for a person the line of the invoice, for a program the position in the XML."""

import re
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

_STEP: Final = re.compile(
    r"/(?:\*:)?(?P<name>[\w.-]+)(?:\[namespace-uri\(\)='(?P<space>[^']*)'\])?(?:\[(?P<at>\d+)\])?"
)
_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_LINES: Final = frozenset({"IncludedSupplyChainTradeLineItem", "InvoiceLine", "CreditNoteLine"})


@dataclass(frozen=True, slots=True)
class Place:
    """`line`: of the XML document, from 1. `position`: its path of elements. `invoice_line`: what BT-126 says."""

    line: int | None = None
    position: str | None = None
    invoice_line: str | None = None


def place_of(element: etree._Element) -> Place:
    line: Any = element.sourceline
    path = element.getroottree().getelementpath(element)
    position = _NAMESPACE.sub("", path) if isinstance(path, str) else None
    return Place(
        line=int(line) if line else None,
        position=position if position != "." else None,
        invoice_line=_invoice_line(element),
    )


def element_at(location: str, root: etree._Element) -> etree._Element:
    """The element that an SVRL location points at, or the nearest one around it."""
    element = root
    for step in list(_STEP.finditer(location))[1:]:
        space = step["space"] if step["space"] is not None else etree.QName(element).namespace
        named = element.findall(f"{{{space}}}{step['name']}" if space else step["name"])
        position = int(step["at"] or 1) - 1
        if position >= len(named):
            break
        element = named[position]
    return element


def _invoice_line(element: etree._Element) -> str | None:
    around: etree._Element | None = element
    while around is not None:
        if isinstance(around.tag, str) and etree.QName(around).localname in _LINES:
            number = around.find("{*}AssociatedDocumentLineDocument/{*}LineID")
            number = around.find("{*}ID") if number is None else number
            return (number.text or "").strip()[:50] or None if number is not None else None
        around = around.getparent()
    return None
