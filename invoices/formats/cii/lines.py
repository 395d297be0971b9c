"""Invoice lines (BG-25) of a CII document."""

from decimal import Decimal
from typing import Final

from invoices.formats.cii.groups import read_allowances, read_period
from invoices.formats.cii.values import identifier, indicator
from invoices.formats.model import Classification, Identifier, ItemAttribute, Line, Price
from invoices.formats.xml import Node, attribute, content, decimal, find, find_all, number, text

OBJECT_TYPE: Final = "130"


def read_line(node: Node) -> Line:
    document = find(node, "ram:AssociatedDocumentLineDocument")
    product = find(node, "ram:SpecifiedTradeProduct")
    agreement = find(node, "ram:SpecifiedLineTradeAgreement")
    settlement = find(node, "ram:SpecifiedLineTradeSettlement")
    quantity = find(node, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    tax = find(settlement, "ram:ApplicableTradeTax")
    notes = (content(note) for note in find_all(document, "ram:IncludedNote/ram:Content"))
    return Line(
        id=text(document, "ram:LineID") or "",
        note="\n".join(note for note in notes if note) or None,
        object_identifier=_object(settlement),
        quantity=decimal(quantity),
        unit=attribute(quantity, "unitCode"),
        net_amount=number(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        order_line=text(agreement, "ram:BuyerOrderReferencedDocument/ram:LineID"),
        accounting_reference=text(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
        period=read_period(find(settlement, "ram:BillingSpecifiedPeriod")),
        allowances=read_allowances(settlement),
        price=_price(agreement),
        vat_category=text(tax, "ram:CategoryCode"),
        vat_rate=number(tax, "ram:RateApplicablePercent"),
        name=text(product, "ram:Name"),
        description=text(product, "ram:Description"),
        seller_item_id=text(product, "ram:SellerAssignedID"),
        buyer_item_id=text(product, "ram:BuyerAssignedID"),
        standard_item_id=identifier(product, "ram:GlobalID"),
        classifications=_classifications(product),
        origin_country=text(product, "ram:OriginTradeCountry/ram:ID"),
        attributes=_attributes(product),
    )


def _object(settlement: Node | None) -> Identifier | None:
    for document in find_all(settlement, "ram:AdditionalReferencedDocument"):
        value = text(document, "ram:IssuerAssignedID")
        if value and text(document, "ram:TypeCode") in {OBJECT_TYPE, None}:
            return Identifier(value=value, scheme=text(document, "ram:ReferenceTypeCode"))
    return None


def _price(agreement: Node | None) -> Price:
    net = find(agreement, "ram:NetPriceProductTradePrice")
    gross = find(agreement, "ram:GrossPriceProductTradePrice")
    base = find(net, "ram:BasisQuantity")
    if base is None:
        base = find(gross, "ram:BasisQuantity")
    return Price(
        net=number(net, "ram:ChargeAmount"),
        discount=_discount(gross),
        gross=number(gross, "ram:ChargeAmount"),
        base_quantity=decimal(base),
        base_unit=attribute(base, "unitCode"),
    )


def _discount(gross: Node | None) -> Decimal | None:
    """BT-147. Several (EXTENDED) are one discount together, from which a charge on the price is taken."""
    stated = [
        -amount if indicator(node, "ram:ChargeIndicator") else amount
        for node in find_all(gross, "ram:AppliedTradeAllowanceCharge")
        if (amount := number(node, "ram:ActualAmount")) is not None
    ]
    return sum(stated[1:], stated[0]) if stated else None


def _classifications(product: Node | None) -> tuple[Classification, ...]:
    elements = find_all(product, "ram:DesignatedProductClassification/ram:ClassCode")
    return tuple(
        Classification(code=code, list_id=attribute(element, "listID"), version=attribute(element, "listVersionID"))
        for element in elements
        if (code := content(element))
    )


def _attributes(product: Node | None) -> tuple[ItemAttribute, ...]:
    return tuple(
        ItemAttribute(name=name, value=text(element, "ram:Value") or "")
        for element in find_all(product, "ram:ApplicableProductCharacteristic")
        if (name := text(element, "ram:Description"))
    )
