"""Every business term of EN 16931 with its place in the typed invoice, in CII (CEN/TS 16931-3-3) and in UBL (3-2).

`terms.tsv` has a row for each. A place in XML is a path without the root: `[n]` is the n-th element of that name, `@`
an attribute, `=` a text that is stated instead of the value (behind `@`: beside it), `|` stands before another element
that goes with it. Values are those of the typed invoice's JSON.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from invoices.formats.xml import NAMESPACES


@dataclass(frozen=True)
class Term:
    name: str
    place: str
    value: str
    cii: str
    ubl: str


TABLE: Final = [
    Term(*line.split("\t"))
    for line in Path(__file__).with_name("terms.tsv").read_text(encoding="utf-8").splitlines()[1:]
]
# BT-7 and BT-8 exclude each other: a document has the one or the other.
TAX_POINT_CODE: Final = next(term for term in TABLE if term.name == "BT-8")
TERMS: Final = [term for term in TABLE if term is not TAX_POINT_CODE]
# BT-4 was withdrawn before the norm came out.
NAMES: Final = frozenset(f"BT-{number}" for number in range(1, 166) if number != 4)

_ISO_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def as_cii(terms: list[Term]) -> bytes:
    return _document("rsm:CrossIndustryInvoice", [(term.cii, _ISO_DAY.sub(r"\1\2\3", term.value)) for term in terms])


def as_ubl(terms: list[Term]) -> bytes:
    return _document("inv:Invoice", [(term.ubl, term.value) for term in terms if term.ubl])


def _document(root_name: str, values: list[tuple[str, str]]) -> bytes:
    root = etree.Element(_clark(root_name), nsmap=dict(NAMESPACES))
    for places, value in values:
        for place in places.split("|"):
            _put(root, place, value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _put(root: etree._Element, place: str, value: str) -> None:
    path, _, fixed = place.partition("=")
    path, _, attribute = path.partition("@")
    element = root
    for step in path.split("/"):
        element = _child(element, step)
    if attribute:
        element.set(attribute, fixed or value)
    if fixed or not attribute:
        element.text = value if attribute else fixed or value
    if path.endswith(("DateTimeString", "DateString")):
        element.set("format", "102")


def _child(parent: etree._Element, step: str) -> etree._Element:
    name, _, position = step.rstrip("]").partition("[")
    wanted = int(position or 1)
    while len(found := parent.findall(_clark(name))) < wanted:
        etree.SubElement(parent, _clark(name))
    return found[wanted - 1]


def _clark(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"
