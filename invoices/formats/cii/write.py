"""A typed invoice as CII at the EN 16931 profile, in the element order of the schema (D16B and D22B share it)."""

import base64
from typing import Final

from lxml import etree

from invoices.formats.build import group, leaf, serialise
from invoices.formats.cii.read import ATTACHMENT_TYPE, OBJECT_TYPE, TENDER_TYPE
from invoices.formats.cii.write_groups import (
    write_address,
    write_day,
    write_identifiers,
    write_party,
)
from invoices.formats.cii.write_lines import write_line
from invoices.formats.cii.write_settlement import write_settlement
from invoices.formats.model import Attachment, Invoice
from invoices.formats.xml import NAMESPACES, path

SPECIFICATION: Final = "urn:cen.eu:en16931:2017"
# The schema wants a name beside BT-11, the norm has none.
PROJECT_NAME: Final = "Project reference"


def write_cii(invoice: Invoice, *, specification: str = SPECIFICATION) -> bytes:
    """Every term of EN 16931 that the invoice states, nothing computed. `specification` becomes BT-24."""
    prefixes = {prefix: NAMESPACES[prefix] for prefix in ("rsm", "ram", "qdt", "udt")}
    root = etree.Element(path("rsm:CrossIndustryInvoice"), nsmap=prefixes)
    with group(root, "rsm:ExchangedDocumentContext") as context:
        with group(context, "ram:BusinessProcessSpecifiedDocumentContextParameter") as process:
            leaf(process, "ram:ID", invoice.process)
        with group(context, "ram:GuidelineSpecifiedDocumentContextParameter") as guideline:
            leaf(guideline, "ram:ID", specification)
    _write_document(root, invoice)
    with group(root, "rsm:SupplyChainTradeTransaction") as transaction:
        for line in invoice.lines:
            write_line(transaction, line)
        _write_agreement(transaction, invoice)
        _write_delivery(transaction, invoice)
        write_settlement(transaction, invoice)
    return serialise(root)


def _write_document(root: etree._Element, invoice: Invoice) -> None:
    with group(root, "rsm:ExchangedDocument") as document:
        leaf(document, "ram:ID", invoice.number)
        leaf(document, "ram:TypeCode", invoice.type_code)
        write_day(document, "ram:IssueDateTime", invoice.issue_date)
        for note in invoice.notes:
            with group(document, "ram:IncludedNote") as node:
                leaf(node, "ram:Content", note.text)
                leaf(node, "ram:SubjectCode", note.subject)


def _write_agreement(parent: etree._Element, invoice: Invoice) -> None:
    with group(parent, "ram:ApplicableHeaderTradeAgreement") as node:
        leaf(node, "ram:BuyerReference", invoice.buyer_reference)
        write_party(node, "ram:SellerTradeParty", invoice.seller)
        write_party(node, "ram:BuyerTradeParty", invoice.buyer)
        write_party(node, "ram:SellerTaxRepresentativeTradeParty", invoice.tax_representative)
        for short, reference in (
            ("ram:SellerOrderReferencedDocument", invoice.sales_order),
            ("ram:BuyerOrderReferencedDocument", invoice.purchase_order),
            ("ram:ContractReferencedDocument", invoice.contract_reference),
        ):
            with group(node, short) as document:
                leaf(document, "ram:IssuerAssignedID", reference)
        for attachment in invoice.attachments:
            _write_attachment(node, attachment)
        _write_reference(node, invoice.tender, TENDER_TYPE)
        if invoice.invoiced_object is not None:
            _write_reference(node, invoice.invoiced_object.value, OBJECT_TYPE, scheme=invoice.invoiced_object.scheme)
        if invoice.project_reference:
            with group(node, "ram:SpecifiedProcuringProject") as project:
                leaf(project, "ram:ID", invoice.project_reference)
                leaf(project, "ram:Name", PROJECT_NAME)


def _write_reference(parent: etree._Element, value: str | None, code: str, *, scheme: str | None = None) -> None:
    if value is None:
        return
    with group(parent, "ram:AdditionalReferencedDocument") as document:
        leaf(document, "ram:IssuerAssignedID", value)
        leaf(document, "ram:TypeCode", code)
        leaf(document, "ram:ReferenceTypeCode", scheme)


def _write_attachment(parent: etree._Element, attachment: Attachment) -> None:
    content = base64.b64encode(attachment.content).decode("ascii") if attachment.content else None
    with group(parent, "ram:AdditionalReferencedDocument") as node:
        leaf(node, "ram:IssuerAssignedID", attachment.reference)
        leaf(node, "ram:URIID", attachment.uri)
        leaf(node, "ram:TypeCode", ATTACHMENT_TYPE)
        leaf(node, "ram:Name", attachment.description)
        leaf(
            node,
            "ram:AttachmentBinaryObject",
            content,
            mimeCode=attachment.mime_type,
            filename=attachment.file_name,
        )


def _write_delivery(parent: etree._Element, invoice: Invoice) -> None:
    # The schema wants this element even where there is nothing to say.
    node = etree.SubElement(parent, path("ram:ApplicableHeaderTradeDelivery"))
    delivery = invoice.delivery
    if delivery is not None:
        with group(node, "ram:ShipToTradeParty") as place:
            write_identifiers(place, (delivery.location,) if delivery.location else ())
            leaf(place, "ram:Name", delivery.name)
            write_address(place, delivery.address)
        with group(node, "ram:ActualDeliverySupplyChainEvent") as event:
            write_day(event, "ram:OccurrenceDateTime", delivery.date)
    for short, reference in (
        ("ram:DespatchAdviceReferencedDocument", invoice.despatch_advice),
        ("ram:ReceivingAdviceReferencedDocument", invoice.receiving_advice),
    ):
        with group(node, short) as document:
            leaf(document, "ram:IssuerAssignedID", reference)
