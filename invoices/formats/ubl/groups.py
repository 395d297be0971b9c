"""Groups that UBL repeats at several places: parties, addresses, allowances, periods, dates."""

from datetime import date
from typing import Final

from invoices.formats.model import Address, Allowance, Contact, Identifier, Party, Period
from invoices.formats.xml import Node, attribute, content, find, find_all, number, text, unreadable

# BT-90 (the creditor of a direct debit) travels as an identifier of the seller or payee under this scheme.
CREDITOR_SCHEME: Final = "SEPA"


def day(node: Node | None, short: str) -> date | None:
    """An xsd:date; a time zone after it says nothing about the day and is dropped."""
    element = find(node, short)
    stated = content(element)
    if element is None or stated is None:
        return None
    try:
        return date.fromisoformat(stated[:10])
    except ValueError:
        raise unreadable(element, "n’est pas une date") from None


def identifier(node: Node | None, short: str) -> Identifier | None:
    element = find(node, short)
    value = content(element)
    return Identifier(value=value, scheme=attribute(element, "schemeID")) if value else None


def read_party(node: Node | None) -> Party | None:
    """A cac:Party, or an element that has a party's content (payee, tax representative)."""
    if node is None:
        return None
    legal = find(node, "cac:PartyLegalEntity")
    registered, usual = text(legal, "cbc:RegistrationName"), text(node, "cac:PartyName/cbc:Name")
    vat, tax_registration = _registrations(node)
    return Party(
        name=registered or usual,
        trading_name=usual if registered else None,
        identifiers=_own_identifiers(node),
        legal_id=identifier(legal, "cbc:CompanyID"),
        vat=vat,
        tax_registration=tax_registration,
        legal_form=text(legal, "cbc:CompanyLegalForm"),
        electronic_address=identifier(node, "cbc:EndpointID"),
        address=read_address(find(node, "cac:PostalAddress")),
        contact=_contact(find(node, "cac:Contact")),
    )


def _own_identifiers(node: Node) -> tuple[Identifier, ...]:
    """Those without a scheme first, as CII has them."""
    own = (one for one in read_identifiers(node) if one.scheme != CREDITOR_SCHEME)
    return tuple(sorted(own, key=lambda one: one.scheme is not None))


def read_identifiers(node: Node | None) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(value=value, scheme=attribute(element, "schemeID"))
        for element in find_all(node, "cac:PartyIdentification/cbc:ID")
        if (value := content(element))
    )


def read_address(node: Node | None) -> Address | None:
    address = Address(
        line1=text(node, "cbc:StreetName"),
        line2=text(node, "cbc:AdditionalStreetName"),
        line3=text(node, "cac:AddressLine/cbc:Line"),
        city=text(node, "cbc:CityName"),
        postal_code=text(node, "cbc:PostalZone"),
        subdivision=text(node, "cbc:CountrySubentity"),
        country=text(node, "cac:Country/cbc:IdentificationCode"),
    )
    return None if address == Address() else address


def read_allowances(node: Node) -> tuple[Allowance, ...]:
    return tuple(
        found for element in find_all(node, "cac:AllowanceCharge") if (found := _allowance(element)) is not None
    )


def read_period(node: Node | None) -> Period | None:
    start, end = day(node, "cbc:StartDate"), day(node, "cbc:EndDate")
    return Period(start=start, end=end) if start or end else None


def _registrations(node: Node) -> tuple[str | None, str | None]:
    """BT-31 is the number under the scheme VAT, BT-32 the one under any other."""
    vat, other = None, None
    for scheme in find_all(node, "cac:PartyTaxScheme"):
        value = text(scheme, "cbc:CompanyID")
        if (text(scheme, "cac:TaxScheme/cbc:ID") or "VAT").upper() == "VAT":
            vat = vat or value
        else:
            other = other or value
    return vat, other


def _contact(node: Node | None) -> Contact | None:
    contact = Contact(
        name=text(node, "cbc:Name"),
        phone=text(node, "cbc:Telephone"),
        email=text(node, "cbc:ElectronicMail"),
    )
    return None if contact == Contact() else contact


def _allowance(node: Node) -> Allowance | None:
    amount = number(node, "cbc:Amount")
    if amount is None:
        return None
    return Allowance(
        charge=text(node, "cbc:ChargeIndicator") in {"true", "1"},
        amount=amount,
        base=number(node, "cbc:BaseAmount"),
        percentage=number(node, "cbc:MultiplierFactorNumeric"),
        vat_category=text(node, "cac:TaxCategory/cbc:ID"),
        vat_rate=number(node, "cac:TaxCategory/cbc:Percent"),
        reason=text(node, "cbc:AllowanceChargeReason"),
        reason_code=text(node, "cbc:AllowanceChargeReasonCode"),
    )
