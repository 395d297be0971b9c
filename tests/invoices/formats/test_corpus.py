"""Every real file is read in full: no leaf of its XML that EN 16931 knows is missing from the typed invoice."""

import json
import re
from pathlib import Path
from typing import Any

from lxml import etree

from invoices.checks.model import Check
from invoices.checks.run import run_checks
from invoices.formats import ReadResult, read
from invoices.formats.cii.write import write_cii
from invoices.formats.codec import from_json, to_json
from tests.invoices.corpus import every

# What the norm has no term for, and why it is not in the typed invoice.
REASONS = {
    r"UBLVersionID$": "the version of the syntax",
    r"TestIndicator": "says that the document is a trial",
    r"TaxScheme/ID$": "VAT, or the sign that a number is no VAT number: decides which term the number is",
    r"TradeTax(\[\d\])?/TypeCode$": "always VAT",
    r"DocumentTypeCode$": "tells an invoiced object or a project from an attachment: decides the term",
    r"AdditionalReferencedDocument(\[\d\])?/TypeCode$": "tells tender, object and attachment apart: decides the term",
    r"ChargeIndicator": "tells allowances from charges: `charge`",
    r"SpecifiedProcuringProject/Name": "filler that the schema asks for beside BT-11",
    r"ExchangedDocument/Name$": "EXTENDED: the title that the seller gives the document",
    r"IncludedNote(\[\d\])?/ContentCode$": "EXTENDED: a code for a note whose text is BT-22",
    r"GrossPrice\w+/AppliedTradeAllowanceCharge/(Reason|CalculationPercent|BasisAmount)$": (
        "EXTENDED: why there is a discount; its amount is BT-147"
    ),
    r"AppliedTradeAllowanceCharge\[\d\]/": "EXTENDED: one of several discounts on a price; BT-147 is all of them",
    r"IncludedReferencedProduct": "EXTENDED: the parts of a set",
    r"PackageQuantity": "EXTENDED: how many packages the quantity BT-129 comes in",
    r"AllowanceChargeBasisAmount": "EXTENDED: a part of the VAT base BT-116",
    r"LineTotalBasisAmount": "EXTENDED: a part of the VAT base BT-116",
    r"LineTradeAgreement/BuyerOrderReferencedDocument/IssuerAssignedID": "EXTENDED: an order of its own for a line",
    r"ShipToTradeParty/DefinedTradeContact": "EXTENDED: whom to ask for where it is delivered",
    r"DeliveryNoteReferencedDocument": "EXTENDED: a delivery note, which is no despatch advice (BT-16)",
}
OUTSIDE_THE_NORM = re.compile("|".join(REASONS))


@every("facturx", "cii", "ubl")
def test_file_is_read_in_full(file: Path) -> None:
    result = read(file.read_bytes())

    assert result.invoice is not None
    assert result.xml is not None
    assert from_json(json.loads(json.dumps(to_json(result.invoice)))) == result.invoice
    known = "\n".join(_leaves(to_json(result.invoice)))
    lost = [f"{path}: {text}" for path, text in _texts(etree.fromstring(result.xml)) if text not in known]
    assert lost == []


@every("cii", "ubl")
def test_valid_file_passes_schema_and_norm(file: Path) -> None:
    assert _fatal(run_checks(read(file.read_bytes()))) == []


@every("ubl")
def test_ubl_written_as_cii_is_valid_and_equal(file: Path) -> None:
    original = read(file.read_bytes()).invoice
    assert original is not None
    written = read(write_cii(original))

    assert _fatal(run_checks(written)) == []
    as_factur_x = ReadResult(container="facturx", profile="en16931", invoice=written.invoice, xml=written.xml)
    assert _fatal(run_checks(as_factur_x)) == []
    assert written.invoice is not None
    assert _comparable(written.invoice) == _comparable(original)


@every("facturx-bad")
def test_invalid_file_is_read_and_its_faults_are_named(file: Path) -> None:
    result = read(file.read_bytes())
    checks = run_checks(result)

    assert result.invoice is not None
    assert [check.ran for check in checks[:2]] == [True, True]
    assert any(check.findings for check in checks)


def _fatal(checks: list[Check]) -> list[str]:
    wanted = [check for check in checks if check.rule_set in {"schema", "en16931"}]
    assert [(check.rule_set, check.ran) for check in wanted] == [("schema", True), ("en16931", True)]
    return [finding.message for check in wanted for finding in check.findings if finding.severity == "fatal"]


def _comparable(invoice: Any) -> dict[str, Any]:
    """Without what CII has no place for: BT-24 is its own, BT-6 equal to BT-5, a discount without a gross price."""
    document = to_json(invoice)
    document.pop("specification", None)
    if document.get("tax_currency") == document.get("currency"):
        document.pop("tax_currency", None)
    for line in document["lines"]:
        if "gross" not in line["price"]:
            line["price"].pop("discount", None)
    return document


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value] if isinstance(value, str) else []


def _texts(root: etree._Element) -> list[tuple[str, str]]:
    """(path, text) of each leaf, numbers and dates as the typed invoice writes them."""
    found = []
    for element in root.iter(etree.Element):
        text = (element.text or "").strip()
        path = "/".join(_step(one) for one in (*reversed(list(element.iterancestors())), element))
        if len(element) == 0 and text and not OUTSIDE_THE_NORM.search(path):
            found.append((path, _normal(element, text)))
    return found


def _step(element: etree._Element) -> str:
    """The name, with a number where its parent has several."""
    parent = element.getparent()
    alike = list(parent.iterchildren(element.tag)) if parent is not None else []
    return etree.QName(element).localname + (f"[{alike.index(element) + 1}]" if len(alike) > 1 else "")


def _normal(element: etree._Element, text: str) -> str:
    if element.get("format") == "102" or "EmbeddedDocument" in element.tag or "AttachmentBinary" in element.tag:
        text = "".join(text.split())
        return f"{text[:4]}-{text[4:6]}-{text[6:]}" if element.get("format") else text
    note = re.fullmatch(r"#[A-Z]{3}#\s*(.*)", text, re.DOTALL)
    if note:
        return note[1]
    return re.sub(r"^\+|\.$", "", text) if re.fullmatch(r"[+-]?[\d.]+", text) else text
