"""Opening XML that a stranger wrote, and reading values out of it.

No network, no DTD, no entities; libxml2's own limits (depth, text of 10 MB) stay on.
"""

import codecs
import contextlib
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final

from lxml import etree

from invoices.formats.errors import InvoiceRefused

NAMESPACES: Final = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "inv": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cn": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
MAX_NUMBER_LENGTH: Final = 40
# Enough for any licence comment before a DOCTYPE; the parsed document is asked again.
PROLOG_BYTES: Final = 65536
PROLOG_STEP: Final = 1024

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_BYTE_ORDER_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPACES: Final = b" \t\r\n"


def looks_like_xml(data: bytes) -> bool:
    start = clean(data[:512])
    for mark in _BYTE_ORDER_MARKS:
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"").lstrip(_SPACES).startswith(b"<")


def clean(data: bytes) -> bytes:
    """The document as parsers want it: nothing before the declaration, UTF-16 only with its mark."""
    for mark in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[3:].lstrip(_SPACES) if mark == codecs.BOM_UTF8 else data
    if data[:2] == b"<\0":
        return codecs.BOM_UTF16_LE + data
    if data[:2] == b"\0<":
        return codecs.BOM_UTF16_BE + data
    return data.lstrip(_SPACES)


def root_name(data: bytes) -> str | None:
    """The root element in Clark notation ("{namespace}name"), or None where the document does not start as XML."""
    parser: Any = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    prolog = clean(data[:PROLOG_BYTES])
    # What comes after the root's first tag may be damaged: that is for `parse` to say, which reads it all.
    with contextlib.suppress(etree.XMLSyntaxError):
        for start in range(0, len(prolog), PROLOG_STEP):
            parser.feed(prolog[start : start + PROLOG_STEP])
            if (found := next(iter(parser.read_events()), None)) is not None:
                return str(found[1].tag)
    return next((str(element.tag) for _, element in parser.read_events()), None)


def parse(data: bytes) -> etree._Element:
    """Raises InvoiceRefused (damaged_xml, forbidden_xml), or MemoryError."""
    cleaned = clean(data)
    if b"<!DOCTYPE" in cleaned[:PROLOG_BYTES].replace(b"\0", b""):
        raise _forbidden()
    try:
        root = etree.fromstring(cleaned, _parser())
    except etree.XMLSyntaxError as error:
        code: Any = getattr(error, "code", None)
        if code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None  # libxml2 says it as if it were the document's fault
        raise InvoiceRefused(_syntax_reason(error), "damaged_xml") from None
    except (ValueError, LookupError):
        raise InvoiceRefused("Ce fichier XML est illisible : son encodage n’est pas reconnu.", "damaged_xml") from None
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise _forbidden()
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _forbidden() -> InvoiceRefused:
    return InvoiceRefused(
        "Ce fichier XML contient une déclaration DOCTYPE : elle est interdite dans une facture électronique.",
        "forbidden_xml",
    )


def _syntax_reason(error: etree.XMLSyntaxError) -> str:
    where = f" (ligne {error.lineno})" if error.lineno else ""
    if "huge" in str(error) or "too long" in str(error):
        return f"Ce fichier XML dépasse les limites de lecture{where}."
    return f"Ce fichier XML est endommagé ou incomplet{where} : demandez un nouvel envoi à son émetteur."


class Node:
    """An element, with those inside it by their names: found in one step each, however many are asked for."""

    __slots__ = ("element", "inside", "text")

    inside: "dict[str, list[Node]]"

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.text = element.text
        self.inside = _NOTHING
        if len(element):
            inside: dict[str, list[Node]] = {}
            self.inside = inside
            for child in element:
                tag = child.tag
                if tag in inside:
                    inside[tag].append(Node(child))
                else:
                    inside[tag] = [Node(child)]

    @property
    def only(self) -> "Node":
        """The one element inside it, or itself: a value may be wrapped."""
        return next((nodes[0] for nodes in self.inside.values()), self)


_NOTHING: Final[dict[str, list[Node]]] = {}


@cache
def path(short: str) -> str:
    """A path with prefixes (ram:A/ram:B) in Clark notation, as lxml wants it."""
    return "/".join(_steps(short))


@cache
def _steps(short: str) -> tuple[str, ...]:
    steps = (step.partition(":") for step in short.split("/"))
    return tuple(f"{{{NAMESPACES[prefix]}}}{name}" for prefix, _, name in steps)


def find(node: Node | None, short: str) -> Node | None:
    """The first of `find_all`, straight ahead where each step is there once."""
    if node is None:
        return None
    current = node
    for step in _steps(short):
        found = current.inside.get(step)
        if found is None:
            return None
        if len(found) > 1:
            return next(iter(find_all(node, short)), None)
        current = found[0]
    return current


def find_all(node: Node | None, short: str) -> Sequence[Node]:
    """In the order of the document, of all the parents that fit."""
    if node is None:
        return ()
    first, *others = _steps(short)
    found = node.inside.get(first, ())
    for step in others:
        found = [inner for outer in found for inner in outer.inside.get(step, ())]
    return found


def text(node: Node | None, short: str) -> str | None:
    return content(find(node, short))


def content(node: Node | None) -> str | None:
    """Its text without outer spaces; None where there is none."""
    return (node.text or "").strip() or None if node is not None else None


def attribute(node: Node | None, name: str) -> str | None:
    return (node.element.get(name) or "").strip() or None if node is not None else None


def number(node: Node | None, short: str) -> Decimal | None:
    """Exactly as stated, trailing zeros included."""
    return decimal(find(node, short))


def decimal(node: Node | None) -> Decimal | None:
    stated = content(node)
    if node is None or stated is None:
        return None
    if len(stated) > MAX_NUMBER_LENGTH or not _NUMBER.fullmatch(stated):
        raise unreadable(node, "n’est pas un nombre")
    return Decimal(stated)


def unreadable(node: Node, what: str) -> InvoiceRefused:
    name = etree.QName(node.element).localname
    shown = (content(node) or "")[:MAX_NUMBER_LENGTH]
    return InvoiceRefused(
        f"La valeur « {shown} » de l’élément {name} (ligne {node.element.sourceline}) {what}.", "unreadable_value"
    )
