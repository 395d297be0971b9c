"""Lines (BG-25) of a UBL invoice or credit note."""

from typing import Final

from invoices.formats.model import Classification, Identifier, ItemAttribute, Line, Price
from invoices.formats.ubl.groups import identifier, read_allowances, read_period
from invoices.formats.xml import Node, attribute, content, decimal, find, find_all, number, text

OBJECT_TYPE: Final = "130"


def read_line(node: Node) -> Line:
    item = find(node, "cac:Item")
    tax = find(item, "cac:ClassifiedTaxCategory")
    quantity = find(node, "cbc:InvoicedQuantity")
    if quantity is None:
        quantity = find(node, "cbc:CreditedQuantity")
    notes = (content(note) for note in find_all(node, "cbc:Note"))
    return Line(
        id=text(node, "cbc:ID") or "",
        note="\n".join(note for note in notes if note) or None,
        object_identifier=_object(node),
        quantity=decimal(quantity),
        unit=attribute(quantity, "unitCode"),
        net_amount=number(node, "cbc:LineExtensionAmount"),
        order_line=text(node, "cac:OrderLineReference/cbc:LineID"),
        accounting_reference=text(node, "cbc:AccountingCost"),
        period=read_period(find(node, "cac:InvoicePeriod")),
        allowances=read_allowances(node),
        price=_price(find(node, "cac:Price")),
        vat_category=text(tax, "cbc:ID"),
        vat_rate=number(tax, "cbc:Percent"),
        name=text(item, "cbc:Name"),
        description=text(item, "cbc:Description"),
        seller_item_id=text(item, "cac:SellersItemIdentification/cbc:ID"),
        buyer_item_id=text(item, "cac:BuyersItemIdentification/cbc:ID"),
        standard_item_id=identifier(item, "cac:StandardItemIdentification/cbc:ID"),
        classifications=_classifications(item),
        origin_country=text(item, "cac:OriginCountry/cbc:IdentificationCode"),
        attributes=_attributes(item),
    )


def _object(node: Node) -> Identifier | None:
    for document in find_all(node, "cac:DocumentReference"):
        if text(document, "cbc:DocumentTypeCode") in {OBJECT_TYPE, None}:
            return identifier(document, "cbc:ID")
    return None


def _price(node: Node | None) -> Price:
    base = find(node, "cbc:BaseQuantity")
    return Price(
        net=number(node, "cbc:PriceAmount"),
        discount=number(node, "cac:AllowanceCharge/cbc:Amount"),
        gross=number(node, "cac:AllowanceCharge/cbc:BaseAmount"),
        base_quantity=decimal(base),
        base_unit=attribute(base, "unitCode"),
    )


def _classifications(item: Node | None) -> tuple[Classification, ...]:
    elements = find_all(item, "cac:CommodityClassification/cbc:ItemClassificationCode")
    return tuple(
        Classification(code=code, list_id=attribute(element, "listID"), version=attribute(element, "listVersionID"))
        for element in elements
        if (code := content(element))
    )


def _attributes(item: Node | None) -> tuple[ItemAttribute, ...]:
    return tuple(
        ItemAttribute(name=name, value=text(element, "cbc:Value") or "")
        for element in find_all(item, "cac:AdditionalItemProperty")
        if (name := text(element, "cbc:Name"))
    )
