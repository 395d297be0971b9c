"""A UBL 2.1 invoice or credit note as a typed invoice.

Paths follow the UBL syntax binding of EN 16931 (CEN/TS 16931-3-2).
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from invoices.formats.codec import decode_content
from invoices.formats.model import NOBODY, Attachment, Delivery, Identifier, Invoice, Note, PrecedingInvoice
from invoices.formats.ubl.groups import day, identifier, read_address, read_allowances, read_party, read_period
from invoices.formats.ubl.lines import read_line
from invoices.formats.ubl.settlement import read_payment, read_totals, read_vat_breakdown
from invoices.formats.xml import Node, attribute, content, find, find_all, text

OBJECT_TYPE: Final = "130"
PROJECT_TYPE: Final = "50"
# BT-21 travels in front of the note's text, between hashes.
_SUBJECT: Final = re.compile(r"#([A-Z]{3})#\s*(.*)", re.DOTALL)


def read_ubl(root: Node) -> Invoice:
    """Raises InvoiceRefused (unreadable_value) on a number or date that is none."""
    currency = text(root, "cbc:DocumentCurrencyCode")
    lines = find_all(root, "cac:InvoiceLine") or find_all(root, "cac:CreditNoteLine")
    return Invoice(
        number=text(root, "cbc:ID") or "",
        issue_date=day(root, "cbc:IssueDate"),
        type_code=text(root, "cbc:InvoiceTypeCode") or text(root, "cbc:CreditNoteTypeCode"),
        currency=currency,
        tax_currency=text(root, "cbc:TaxCurrencyCode"),
        tax_point_date=day(root, "cbc:TaxPointDate"),
        tax_point_code=text(root, "cac:InvoicePeriod/cbc:DescriptionCode"),
        due_date=_due_date(root),
        accounting_reference=text(root, "cbc:AccountingCost"),
        payment_terms=_payment_terms(root),
        notes=tuple(_note(words) for node in find_all(root, "cbc:Note") if (words := content(node))),
        process=text(root, "cbc:ProfileID"),
        specification=text(root, "cbc:CustomizationID"),
        period=read_period(find(root, "cac:InvoicePeriod")),
        payment=read_payment(root),
        allowances=read_allowances(root),
        totals=read_totals(root, currency),
        vat_breakdown=read_vat_breakdown(root),
        delivery=_delivery(find(root, "cac:Delivery")),
        lines=tuple(map(read_line, lines)),
        **_parties(root),
        **_references(root),
    )


def _due_date(root: Node) -> date | None:
    """BT-9: credit notes have it on the means of payment."""
    stated = day(root, "cbc:DueDate")
    if stated:
        return stated
    means = find_all(root, "cac:PaymentMeans")
    return next((when for one in means if (when := day(one, "cbc:PaymentDueDate"))), None)


def _payment_terms(root: Node) -> str | None:
    notes = find_all(root, "cac:PaymentTerms/cbc:Note")
    return "\n".join(words for node in notes if (words := content(node))) or None


def _note(words: str) -> Note:
    match = _SUBJECT.fullmatch(words)
    return Note(text=match[2], subject=match[1]) if match and match[2] else Note(text=words)


def _parties(root: Node) -> dict[str, Any]:
    return {
        "seller": read_party(find(root, "cac:AccountingSupplierParty/cac:Party")) or NOBODY,
        "buyer": read_party(find(root, "cac:AccountingCustomerParty/cac:Party")) or NOBODY,
        "payee": read_party(find(root, "cac:PayeeParty")),
        "tax_representative": read_party(find(root, "cac:TaxRepresentativeParty")),
    }


def _references(root: Node) -> dict[str, Any]:
    others = find_all(root, "cac:AdditionalDocumentReference")
    return {
        "buyer_reference": text(root, "cbc:BuyerReference"),
        "project_reference": text(root, "cac:ProjectReference/cbc:ID") or _project(others),
        "contract_reference": text(root, "cac:ContractDocumentReference/cbc:ID"),
        "purchase_order": text(root, "cac:OrderReference/cbc:ID"),
        "sales_order": text(root, "cac:OrderReference/cbc:SalesOrderID"),
        "receiving_advice": text(root, "cac:ReceiptDocumentReference/cbc:ID"),
        "despatch_advice": text(root, "cac:DespatchDocumentReference/cbc:ID"),
        "tender": text(root, "cac:OriginatorDocumentReference/cbc:ID"),
        "invoiced_object": _invoiced_object(others),
        "preceding_invoices": tuple(
            PrecedingInvoice(number=reference, issue_date=day(node, "cbc:IssueDate"))
            for node in find_all(root, "cac:BillingReference/cac:InvoiceDocumentReference")
            if (reference := text(node, "cbc:ID"))
        ),
        "attachments": tuple(
            _attachment(node)
            for node in others
            if text(node, "cbc:DocumentTypeCode") not in {OBJECT_TYPE, PROJECT_TYPE}
        ),
    }


def _project(documents: Sequence[Node]) -> str | None:
    """BT-11 in a credit note, whose schema has no project reference."""
    found = (text(node, "cbc:ID") for node in documents if text(node, "cbc:DocumentTypeCode") == PROJECT_TYPE)
    return next(found, None)


def _invoiced_object(documents: Sequence[Node]) -> Identifier | None:
    found = (identifier(node, "cbc:ID") for node in documents if text(node, "cbc:DocumentTypeCode") == OBJECT_TYPE)
    return next(found, None)


def _attachment(node: Node) -> Attachment:
    binary = find(node, "cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
    return Attachment(
        reference=text(node, "cbc:ID") or "",
        description=text(node, "cbc:DocumentDescription"),
        uri=text(node, "cac:Attachment/cac:ExternalReference/cbc:URI"),
        content=decode_content(content(binary)),
        mime_type=attribute(binary, "mimeCode"),
        file_name=attribute(binary, "filename"),
    )


def _delivery(node: Node | None) -> Delivery | None:
    place = find(node, "cac:DeliveryLocation")
    delivery = Delivery(
        name=text(node, "cac:DeliveryParty/cac:PartyName/cbc:Name"),
        location=identifier(place, "cbc:ID"),
        date=day(node, "cbc:ActualDeliveryDate"),
        address=read_address(find(place, "cac:Address")),
    )
    return None if delivery == Delivery() else delivery
