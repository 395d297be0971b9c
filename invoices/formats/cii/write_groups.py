"""Groups that CII repeats at several places, written: parties, addresses, allowances, periods, dates."""

from collections.abc import Sequence
from datetime import date

from lxml import etree

from invoices.formats.build import group, leaf
from invoices.formats.model import Address, Allowance, Contact, Identifier, Party, Period


def write_party(parent: etree._Element, short: str, party: Party | None) -> None:
    if party is None:
        return
    with group(parent, short) as node:
        write_identifiers(node, party.identifiers)
        leaf(node, "ram:Name", party.name)
        leaf(node, "ram:Description", party.legal_form)
        with group(node, "ram:SpecifiedLegalOrganization") as organisation:
            write_identifier(organisation, "ram:ID", party.legal_id)
            leaf(organisation, "ram:TradingBusinessName", party.trading_name)
        _write_contact(node, party.contact)
        write_address(node, party.address)
        with group(node, "ram:URIUniversalCommunication") as communication:
            write_identifier(communication, "ram:URIID", party.electronic_address)
        for scheme, value in (("VA", party.vat), ("FC", party.tax_registration)):
            with group(node, "ram:SpecifiedTaxRegistration") as registration:
                leaf(registration, "ram:ID", value, schemeID=scheme)


def write_identifier(parent: etree._Element, short: str, identifier: Identifier | None) -> None:
    if identifier is not None:
        leaf(parent, short, identifier.value, schemeID=identifier.scheme)


def write_identifiers(parent: etree._Element, identifiers: Sequence[Identifier]) -> None:
    """Those with a scheme are « global »; the schema wants the others first."""
    for identifier in identifiers:
        if identifier.scheme is None:
            leaf(parent, "ram:ID", identifier.value)
    for identifier in identifiers:
        if identifier.scheme is not None:
            leaf(parent, "ram:GlobalID", identifier.value, schemeID=identifier.scheme)


def write_address(parent: etree._Element, address: Address | None) -> None:
    if address is None:
        return
    with group(parent, "ram:PostalTradeAddress") as node:
        leaf(node, "ram:PostcodeCode", address.postal_code)
        leaf(node, "ram:LineOne", address.line1)
        leaf(node, "ram:LineTwo", address.line2)
        leaf(node, "ram:LineThree", address.line3)
        leaf(node, "ram:CityName", address.city)
        leaf(node, "ram:CountryID", address.country)
        leaf(node, "ram:CountrySubDivisionName", address.subdivision)


def write_allowances(parent: etree._Element, allowances: Sequence[Allowance]) -> None:
    for allowance in allowances:
        with group(parent, "ram:SpecifiedTradeAllowanceCharge") as node:
            with group(node, "ram:ChargeIndicator") as indicator:
                leaf(indicator, "udt:Indicator", allowance.charge)
            leaf(node, "ram:CalculationPercent", allowance.percentage)
            leaf(node, "ram:BasisAmount", allowance.base)
            leaf(node, "ram:ActualAmount", allowance.amount)
            leaf(node, "ram:ReasonCode", allowance.reason_code)
            leaf(node, "ram:Reason", allowance.reason)
            if allowance.vat_category:
                with group(node, "ram:CategoryTradeTax") as tax:
                    leaf(tax, "ram:TypeCode", "VAT")
                    leaf(tax, "ram:CategoryCode", allowance.vat_category)
                    leaf(tax, "ram:RateApplicablePercent", allowance.vat_rate)


def write_period(parent: etree._Element, period: Period | None) -> None:
    if period is None:
        return
    with group(parent, "ram:BillingSpecifiedPeriod") as node:
        write_day(node, "ram:StartDateTime", period.start)
        write_day(node, "ram:EndDateTime", period.end)


def write_day(parent: etree._Element, short: str, day: date | None, *, inner: str = "udt:DateTimeString") -> None:
    with group(parent, short) as node:
        leaf(node, inner, day.isoformat().replace("-", "") if day else None, format="102")


def _write_contact(parent: etree._Element, contact: Contact | None) -> None:
    if contact is None:
        return
    with group(parent, "ram:DefinedTradeContact") as node:
        leaf(node, "ram:PersonName", contact.name)
        with group(node, "ram:TelephoneUniversalCommunication") as phone:
            leaf(phone, "ram:CompleteNumber", contact.phone)
        with group(node, "ram:EmailURIUniversalCommunication") as email:
            leaf(email, "ram:URIID", contact.email)
