"""ZUGFeRD 1.0 documents, renamed into the CII elements that replaced theirs.

The 2014 format has the same groups under other names and namespaces; only the names differ for what an invoice holds.
"""

from typing import Final

from lxml import etree

from invoices.formats.xml import NAMESPACES

_RSM, _RAM, _UDT = (f"{{{NAMESPACES[prefix]}}}" for prefix in ("rsm", "ram", "udt"))

DOCUMENT_NAMES: Final = {
    "CrossIndustryDocument": "CrossIndustryInvoice",
    "SpecifiedExchangedDocumentContext": "ExchangedDocumentContext",
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
}
NAMES: Final = {
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "ApplicablePercent": "RateApplicablePercent",
}
SUMMATION: Final = "SpecifiedTradeSettlementMonetarySummation"


def as_cii(root: etree._Element) -> etree._Element:
    """Renames in place and returns the root."""
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        if name.localname in DOCUMENT_NAMES:
            element.tag = _RSM + DOCUMENT_NAMES[name.localname]
        elif name.localname == SUMMATION:
            element.tag = _RAM + _summation(element)
        elif "UnqualifiedDataType" in (name.namespace or ""):
            element.tag = _UDT + name.localname
        else:
            element.tag = _RAM + NAMES.get(name.localname, name.localname)
    return root


def _summation(element: etree._Element) -> str:
    parent = element.getparent()
    in_line = parent is not None and etree.QName(parent).localname.startswith("SpecifiedLine")
    return f"SpecifiedTradeSettlement{'Line' if in_line else 'Header'}MonetarySummation"
