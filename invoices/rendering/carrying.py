"""The CII document that a Factur-X carries for an invoice, whatever its data came in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from invoices.checks import schema
from invoices.checks.rulesets import FACTURX_SCHEMAS, FRENCH_EXTENSION
from invoices.formats import xml
from invoices.formats.cii.write import write_cii
from invoices.formats.detect import Kind
from invoices.formats.model import Invoice

# BT-24 of each profile.
SPECIFICATIONS: Final = {
    "minimum": "urn:factur-x.eu:1p0:minimum",
    "basicwl": "urn:factur-x.eu:1p0:basicwl",
    "basic": "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    "en16931": "urn:cen.eu:en16931:2017",
    "extended": "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
}
_GUIDELINE: Final = "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"


@dataclass(frozen=True, slots=True)
class Carried:
    """`level` is the profile of Factur-X that holds it."""

    document: bytes
    level: str


def carried(invoice: Invoice, document: bytes, *, kind: Kind, profile: str | None) -> Carried | None:
    """
    The first of these that its schema of Factur-X holds, or None.

    The CII that came, as it is; the same with the name of its profile put right; one written from the invoice's data
    at the profile EN 16931, else EXTENDED; where there are no lines, BASIC WL.
    """
    return next((one for one in _candidates(invoice, document, kind, profile) if _held(one)), None)


def level_of(profile: str | None) -> str:
    """The profile of Factur-X that is nearest: XRechnung and Peppol are uses of EN 16931."""
    if profile == FRENCH_EXTENSION:
        return "extended"
    return profile if profile in SPECIFICATIONS else "en16931"


def _candidates(invoice: Invoice, document: bytes, kind: Kind, profile: str | None) -> Iterator[Carried]:
    level = level_of(profile)
    if kind == "cii":
        if profile == FRENCH_EXTENSION or invoice.specification == SPECIFICATIONS[level]:
            yield Carried(document, level)
        yield Carried(_renamed(document, SPECIFICATIONS[level]), level)
    for written in ("en16931", "extended") if invoice.lines else ("basicwl",):
        yield Carried(write_cii(invoice, specification=SPECIFICATIONS[written]), written)


def _held(one: Carried) -> bool:
    return not schema.validate(FACTURX_SCHEMAS[one.level], xml.parse(one.document))


def _renamed(document: bytes, specification: str) -> bytes:
    root = xml.parse(document)
    guideline = root.find(xml.path(_GUIDELINE))
    if guideline is not None:
        guideline.text = specification
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
