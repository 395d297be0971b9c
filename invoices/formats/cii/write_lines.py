"""Invoice lines (BG-25), written."""

from lxml import etree

from invoices.formats.build import group, leaf
from invoices.formats.cii.lines import OBJECT_TYPE
from invoices.formats.cii.write_groups import write_allowances, write_identifier, write_period
from invoices.formats.model import Line, Price


def write_line(parent: etree._Element, line: Line) -> None:
    with group(parent, "ram:IncludedSupplyChainTradeLineItem") as node:
        with group(node, "ram:AssociatedDocumentLineDocument") as document:
            leaf(document, "ram:LineID", line.id)
            with group(document, "ram:IncludedNote") as note:
                leaf(note, "ram:Content", line.note)
        _write_product(node, line)
        with group(node, "ram:SpecifiedLineTradeAgreement") as agreement:
            with group(agreement, "ram:BuyerOrderReferencedDocument") as order:
                leaf(order, "ram:LineID", line.order_line)
            _write_price(agreement, line.price)
        with group(node, "ram:SpecifiedLineTradeDelivery") as delivery:
            leaf(delivery, "ram:BilledQuantity", line.quantity, unitCode=line.unit)
        _write_settlement(node, line)


def _write_product(parent: etree._Element, line: Line) -> None:
    with group(parent, "ram:SpecifiedTradeProduct") as node:
        write_identifier(node, "ram:GlobalID", line.standard_item_id)
        leaf(node, "ram:SellerAssignedID", line.seller_item_id)
        leaf(node, "ram:BuyerAssignedID", line.buyer_item_id)
        leaf(node, "ram:Name", line.name)
        leaf(node, "ram:Description", line.description)
        for attribute in line.attributes:
            with group(node, "ram:ApplicableProductCharacteristic") as characteristic:
                leaf(characteristic, "ram:Description", attribute.name)
                leaf(characteristic, "ram:Value", attribute.value)
        for one in line.classifications:
            with group(node, "ram:DesignatedProductClassification") as classification:
                leaf(classification, "ram:ClassCode", one.code, listID=one.list_id, listVersionID=one.version)
        with group(node, "ram:OriginTradeCountry") as origin:
            leaf(origin, "ram:ID", line.origin_country)


def _write_price(parent: etree._Element, price: Price) -> None:
    """A discount (BT-147) without a gross price (BT-148) has no place in CII: UBL alone allows it."""
    with group(parent, "ram:GrossPriceProductTradePrice") as gross:
        leaf(gross, "ram:ChargeAmount", price.gross)
        if price.gross is not None:
            leaf(gross, "ram:BasisQuantity", price.base_quantity, unitCode=price.base_unit)
            _write_discount(gross, price)
    with group(parent, "ram:NetPriceProductTradePrice") as net:
        leaf(net, "ram:ChargeAmount", price.net)
        leaf(net, "ram:BasisQuantity", price.base_quantity, unitCode=price.base_unit)


def _write_discount(parent: etree._Element, price: Price) -> None:
    if price.discount is None:
        return
    with group(parent, "ram:AppliedTradeAllowanceCharge") as node:
        with group(node, "ram:ChargeIndicator") as indicator:
            leaf(indicator, "udt:Indicator", value=False)
        leaf(node, "ram:ActualAmount", price.discount)


def _write_settlement(parent: etree._Element, line: Line) -> None:
    with group(parent, "ram:SpecifiedLineTradeSettlement") as node:
        if line.vat_category:
            with group(node, "ram:ApplicableTradeTax") as tax:
                leaf(tax, "ram:TypeCode", "VAT")
                leaf(tax, "ram:CategoryCode", line.vat_category)
                leaf(tax, "ram:RateApplicablePercent", line.vat_rate)
        write_period(node, line.period)
        write_allowances(node, line.allowances)
        with group(node, "ram:SpecifiedTradeSettlementLineMonetarySummation") as total:
            leaf(total, "ram:LineTotalAmount", line.net_amount)
        if line.object_identifier is not None:
            with group(node, "ram:AdditionalReferencedDocument") as document:
                leaf(document, "ram:IssuerAssignedID", line.object_identifier.value)
                leaf(document, "ram:TypeCode", OBJECT_TYPE)
                leaf(document, "ram:ReferenceTypeCode", line.object_identifier.scheme)
        with group(node, "ram:ReceivableSpecifiedTradeAccountingAccount") as account:
            leaf(account, "ram:ID", line.accounting_reference)
