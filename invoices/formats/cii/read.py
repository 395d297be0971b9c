"""A UN/CEFACT Cross Industry Invoice (D16B to D22B, every Factur-X and ZUGFeRD 2 profile) as a typed invoice.

Paths follow the CII syntax binding of EN 16931 (CEN/TS 16931-3-3). Elements that a profile leaves out read as absent.
"""

from collections.abc import Sequence
from typing import Any, Final

from invoices.formats.cii.groups import (
    read_address,
    read_allowances,
    read_identifiers,
    read_party,
    read_period,
    read_service_charges,
)
from invoices.formats.cii.lines import read_line
from invoices.formats.cii.settlement import read_due_date, read_payment, read_payment_terms, read_totals, read_vat
from invoices.formats.cii.values import TAX_POINT_CODES, day
from invoices.formats.codec import decode_content
from invoices.formats.model import (
    NOBODY,
    Attachment,
    Delivery,
    Identifier,
    Invoice,
    Note,
    PrecedingInvoice,
)
from invoices.formats.xml import Node, attribute, content, find, find_all, text

TENDER_TYPE: Final = "50"
OBJECT_TYPE: Final = "130"
ATTACHMENT_TYPE: Final = "916"


def read_cii(root: Node) -> Invoice:
    """Raises InvoiceRefused (unreadable_value) on a number or date that is none."""
    context = find(root, "rsm:ExchangedDocumentContext")
    document = find(root, "rsm:ExchangedDocument")
    transaction = find(root, "rsm:SupplyChainTradeTransaction")
    agreement = find(transaction, "ram:ApplicableHeaderTradeAgreement")
    settlement = find(transaction, "ram:ApplicableHeaderTradeSettlement")
    return Invoice(
        number=text(document, "ram:ID") or "",
        issue_date=day(document, "ram:IssueDateTime"),
        type_code=text(document, "ram:TypeCode"),
        notes=_notes(document),
        process=text(context, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"),
        specification=text(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"),
        lines=tuple(map(read_line, find_all(transaction, "ram:IncludedSupplyChainTradeLineItem"))),
        **_agreement(agreement),
        **_delivery(find(transaction, "ram:ApplicableHeaderTradeDelivery")),
        **_settlement(settlement),
    )


def _notes(document: Node | None) -> tuple[Note, ...]:
    return tuple(
        Note(text=words, subject=text(note, "ram:SubjectCode"))
        for note in find_all(document, "ram:IncludedNote")
        if (words := text(note, "ram:Content"))
    )


def _agreement(node: Node | None) -> dict[str, Any]:
    others = find_all(node, "ram:AdditionalReferencedDocument")
    tender = _first_of_type(others, TENDER_TYPE)
    invoiced = _first_of_type(others, OBJECT_TYPE)
    invoiced_id = text(invoiced, "ram:IssuerAssignedID")
    return {
        "buyer_reference": text(node, "ram:BuyerReference"),
        "project_reference": text(node, "ram:SpecifiedProcuringProject/ram:ID"),
        "contract_reference": text(node, "ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        "purchase_order": text(node, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        "sales_order": text(node, "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"),
        "tender": text(tender, "ram:IssuerAssignedID"),
        "invoiced_object": Identifier(value=invoiced_id, scheme=text(invoiced, "ram:ReferenceTypeCode"))
        if invoiced_id
        else None,
        "attachments": _attachments(others),
        "seller": read_party(find(node, "ram:SellerTradeParty")) or NOBODY,
        "buyer": read_party(find(node, "ram:BuyerTradeParty")) or NOBODY,
        "tax_representative": read_party(find(node, "ram:SellerTaxRepresentativeTradeParty")),
    }


def _first_of_type(documents: Sequence[Node], code: str) -> Node | None:
    return next((node for node in documents if text(node, "ram:TypeCode") == code), None)


def _attachments(documents: Sequence[Node]) -> tuple[Attachment, ...]:
    return tuple(
        _attachment(node) for node in documents if text(node, "ram:TypeCode") not in {TENDER_TYPE, OBJECT_TYPE}
    )


def _attachment(node: Node) -> Attachment:
    binary = find(node, "ram:AttachmentBinaryObject")
    return Attachment(
        reference=text(node, "ram:IssuerAssignedID") or "",
        description=text(node, "ram:Name"),
        uri=text(node, "ram:URIID"),
        content=decode_content(content(binary)),
        mime_type=attribute(binary, "mimeCode"),
        file_name=attribute(binary, "filename"),
    )


def _delivery(node: Node | None) -> dict[str, Any]:
    place = find(node, "ram:ShipToTradeParty")
    when = day(node, "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime")
    delivery = Delivery(
        name=text(place, "ram:Name"),
        location=next(iter(read_identifiers(place)), None) if place is not None else None,
        date=when,
        address=read_address(find(place, "ram:PostalTradeAddress")),
    )
    return {
        "delivery": None if delivery == Delivery() else delivery,
        "despatch_advice": text(node, "ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID"),
        "receiving_advice": text(node, "ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID"),
    }


def _settlement(node: Node | None) -> dict[str, Any]:
    taxes = find_all(node, "ram:ApplicableTradeTax")
    currency = text(node, "ram:InvoiceCurrencyCode")
    point_code = next((code for tax in taxes if (code := text(tax, "ram:DueDateTypeCode"))), None)
    return {
        "currency": currency,
        "tax_currency": text(node, "ram:TaxCurrencyCode"),
        "tax_point_date": next((when for tax in taxes if (when := day(tax, "ram:TaxPointDate"))), None),
        "tax_point_code": TAX_POINT_CODES.get(point_code or "", point_code),
        "due_date": read_due_date(node),
        "payment_terms": read_payment_terms(node),
        "accounting_reference": text(node, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        "preceding_invoices": _preceding(node),
        "payee": read_party(find(node, "ram:PayeeTradeParty")),
        "period": read_period(find(node, "ram:BillingSpecifiedPeriod")),
        "payment": read_payment(node),
        "allowances": read_allowances(node) + read_service_charges(node),
        "totals": read_totals(find(node, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"), currency),
        "vat_breakdown": tuple(map(read_vat, taxes)),
    }


def _preceding(settlement: Node | None) -> tuple[PrecedingInvoice, ...]:
    return tuple(
        PrecedingInvoice(number=reference, issue_date=day(node, "ram:FormattedIssueDateTime"))
        for node in find_all(settlement, "ram:InvoiceReferencedDocument")
        if (reference := text(node, "ram:IssuerAssignedID"))
    )
