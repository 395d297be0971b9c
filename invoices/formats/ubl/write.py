"""A typed invoice as UBL 2.1, invoice or credit note, in the element order of the schema.

Written for the invoices that we make ourselves (samples, tests): terms that only foreign documents use are left out.
"""

from typing import Any, Final

from lxml import etree

from invoices.formats.build import group, leaf, serialise
from invoices.formats.model import Address, Allowance, Contact, Identifier, Invoice, Line, Party, Period
from invoices.formats.ubl.write_settlement import write_allowances, write_payment, write_tax, write_totals
from invoices.formats.xml import NAMESPACES, path

SPECIFICATION: Final = "urn:cen.eu:en16931:2017"


def write_ubl(invoice: Invoice) -> bytes:
    """A CreditNote for the credit note codes of BT-3, else an Invoice. Nothing is computed."""
    credit = invoice.is_credit_note
    prefix = "cn" if credit else "inv"
    # The stubs forget that None is the prefix of the default namespace.
    prefixes: Any = {None: NAMESPACES[prefix], "cac": NAMESPACES["cac"], "cbc": NAMESPACES["cbc"]}
    root = etree.Element(path("cn:CreditNote" if credit else "inv:Invoice"), nsmap=prefixes)
    _write_header(root, invoice, credit=credit)
    _write_references(root, invoice)
    for short, party in (
        ("cac:AccountingSupplierParty", invoice.seller),
        ("cac:AccountingCustomerParty", invoice.buyer),
    ):
        with group(root, short) as holder, group(holder, "cac:Party") as node:
            _write_party(node, party)
    _write_delivery(root, invoice)
    write_payment(root, invoice)
    write_allowances(root, invoice.allowances, invoice.currency)
    write_tax(root, invoice)
    write_totals(root, invoice)
    for line in invoice.lines:
        _write_line(root, line, invoice.currency, credit=credit)
    return serialise(root)


def _write_header(root: etree._Element, invoice: Invoice, *, credit: bool) -> None:
    leaf(root, "cbc:CustomizationID", invoice.specification or SPECIFICATION)
    leaf(root, "cbc:ProfileID", invoice.process)
    leaf(root, "cbc:ID", invoice.number)
    leaf(root, "cbc:IssueDate", invoice.issue_date)
    if not credit:
        leaf(root, "cbc:DueDate", invoice.due_date)
        leaf(root, "cbc:InvoiceTypeCode", invoice.type_code)
    leaf(root, "cbc:TaxPointDate", invoice.tax_point_date if credit else None)
    leaf(root, "cbc:CreditNoteTypeCode", invoice.type_code if credit else None)
    for note in invoice.notes:
        leaf(root, "cbc:Note", f"#{note.subject}#{note.text}" if note.subject else note.text)
    leaf(root, "cbc:TaxPointDate", None if credit else invoice.tax_point_date)
    leaf(root, "cbc:DocumentCurrencyCode", invoice.currency)
    leaf(root, "cbc:TaxCurrencyCode", invoice.tax_currency)
    leaf(root, "cbc:AccountingCost", invoice.accounting_reference)
    leaf(root, "cbc:BuyerReference", invoice.buyer_reference)
    _write_period(root, invoice.period, invoice.tax_point_code)


def _write_references(root: etree._Element, invoice: Invoice) -> None:
    with group(root, "cac:OrderReference") as order:
        leaf(order, "cbc:ID", invoice.purchase_order)
        leaf(order, "cbc:SalesOrderID", invoice.sales_order)
    for preceding in invoice.preceding_invoices:
        with group(root, "cac:BillingReference") as billing, group(billing, "cac:InvoiceDocumentReference") as node:
            leaf(node, "cbc:ID", preceding.number)
            leaf(node, "cbc:IssueDate", preceding.issue_date)
    for short, reference in (
        ("cac:DespatchDocumentReference", invoice.despatch_advice),
        ("cac:ReceiptDocumentReference", invoice.receiving_advice),
        ("cac:ContractDocumentReference", invoice.contract_reference),
    ):
        with group(root, short) as document:
            leaf(document, "cbc:ID", reference)


def _write_party(node: etree._Element, party: Party) -> None:
    _write_identifier(node, "cbc:EndpointID", party.electronic_address)
    for identifier in party.identifiers:
        with group(node, "cac:PartyIdentification") as holder:
            _write_identifier(holder, "cbc:ID", identifier)
    with group(node, "cac:PartyName") as name:
        leaf(name, "cbc:Name", party.trading_name)
    _write_address(node, "cac:PostalAddress", party.address)
    for value, scheme in ((party.vat, "VAT"), (party.tax_registration, "TAX")):
        if value:
            with group(node, "cac:PartyTaxScheme") as tax:
                leaf(tax, "cbc:CompanyID", value)
                with group(tax, "cac:TaxScheme") as kind:
                    leaf(kind, "cbc:ID", scheme)
    with group(node, "cac:PartyLegalEntity") as legal:
        leaf(legal, "cbc:RegistrationName", party.name)
        _write_identifier(legal, "cbc:CompanyID", party.legal_id)
        leaf(legal, "cbc:CompanyLegalForm", party.legal_form)
    _write_contact(node, party.contact)


def _write_contact(parent: etree._Element, contact: Contact | None) -> None:
    if contact is not None:
        with group(parent, "cac:Contact") as node:
            leaf(node, "cbc:Name", contact.name)
            leaf(node, "cbc:Telephone", contact.phone)
            leaf(node, "cbc:ElectronicMail", contact.email)


def _write_identifier(parent: etree._Element, short: str, identifier: Identifier | None) -> None:
    if identifier is not None:
        leaf(parent, short, identifier.value, schemeID=identifier.scheme)


def _write_address(parent: etree._Element, short: str, address: Address | None) -> None:
    if address is None:
        return
    with group(parent, short) as node:
        leaf(node, "cbc:StreetName", address.line1)
        leaf(node, "cbc:AdditionalStreetName", address.line2)
        leaf(node, "cbc:CityName", address.city)
        leaf(node, "cbc:PostalZone", address.postal_code)
        leaf(node, "cbc:CountrySubentity", address.subdivision)
        with group(node, "cac:AddressLine") as line:
            leaf(line, "cbc:Line", address.line3)
        with group(node, "cac:Country") as country:
            leaf(country, "cbc:IdentificationCode", address.country)


def _write_delivery(root: etree._Element, invoice: Invoice) -> None:
    delivery = invoice.delivery
    if delivery is None:
        return
    with group(root, "cac:Delivery") as node:
        leaf(node, "cbc:ActualDeliveryDate", delivery.date)
        with group(node, "cac:DeliveryLocation") as place:
            _write_identifier(place, "cbc:ID", delivery.location)
            _write_address(place, "cac:Address", delivery.address)
        with group(node, "cac:DeliveryParty") as party, group(party, "cac:PartyName") as name:
            leaf(name, "cbc:Name", delivery.name)


def _write_period(parent: etree._Element, period: Period | None, tax_point_code: str | None = None) -> None:
    with group(parent, "cac:InvoicePeriod") as node:
        leaf(node, "cbc:StartDate", period.start if period else None)
        leaf(node, "cbc:EndDate", period.end if period else None)
        leaf(node, "cbc:DescriptionCode", tax_point_code)


def _write_line(root: etree._Element, line: Line, currency: str | None, *, credit: bool) -> None:
    with group(root, "cac:CreditNoteLine" if credit else "cac:InvoiceLine") as node:
        leaf(node, "cbc:ID", line.id)
        leaf(node, "cbc:Note", line.note)
        quantity = "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity"
        leaf(node, quantity, line.quantity, unitCode=line.unit)
        leaf(node, "cbc:LineExtensionAmount", line.net_amount, currencyID=currency)
        leaf(node, "cbc:AccountingCost", line.accounting_reference)
        _write_period(node, line.period)
        write_allowances(node, line.allowances, currency)
        with group(node, "cac:Item") as item:
            _write_item(item, line)
        with group(node, "cac:Price") as price:
            leaf(price, "cbc:PriceAmount", line.price.net, currencyID=currency)
            leaf(price, "cbc:BaseQuantity", line.price.base_quantity, unitCode=line.price.base_unit)
            _write_gross(price, line, currency)


def _write_gross(price: etree._Element, line: Line, currency: str | None) -> None:
    if line.price.discount is not None:
        discount = Allowance(charge=False, amount=line.price.discount, base=line.price.gross)
        write_allowances(price, (discount,), currency)


def _write_item(item: etree._Element, line: Line) -> None:
    leaf(item, "cbc:Description", line.description)
    leaf(item, "cbc:Name", line.name)
    with group(item, "cac:SellersItemIdentification") as identification:
        leaf(identification, "cbc:ID", line.seller_item_id)
    if line.vat_category:
        with group(item, "cac:ClassifiedTaxCategory") as category:
            leaf(category, "cbc:ID", line.vat_category)
            leaf(category, "cbc:Percent", line.vat_rate)
            with group(category, "cac:TaxScheme") as scheme:
                leaf(scheme, "cbc:ID", "VAT")
    for attribute in line.attributes:
        with group(item, "cac:AdditionalItemProperty") as node:
            leaf(node, "cbc:Name", attribute.name)
            leaf(node, "cbc:Value", attribute.value)
