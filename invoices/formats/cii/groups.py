"""Groups that CII repeats at several places: parties, addresses, allowances, periods."""

from invoices.formats.cii.values import day, identifier, indicator
from invoices.formats.model import Address, Allowance, Contact, Identifier, Party, Period
from invoices.formats.xml import Node, attribute, content, find, find_all, number, text


def read_party(node: Node | None) -> Party | None:
    if node is None:
        return None
    organisation = find(node, "ram:SpecifiedLegalOrganization")
    registrations = {
        attribute(element, "schemeID"): content(element)
        for element in find_all(node, "ram:SpecifiedTaxRegistration/ram:ID")
    }
    return Party(
        name=text(node, "ram:Name"),
        trading_name=text(organisation, "ram:TradingBusinessName"),
        identifiers=read_identifiers(node),
        legal_id=identifier(organisation, "ram:ID"),
        vat=registrations.get("VA"),
        tax_registration=registrations.get("FC"),
        legal_form=text(node, "ram:Description"),
        electronic_address=identifier(node, "ram:URIUniversalCommunication/ram:URIID"),
        address=read_address(find(node, "ram:PostalTradeAddress")),
        contact=_contact(find(node, "ram:DefinedTradeContact")),
    )


def read_identifiers(node: Node) -> tuple[Identifier, ...]:
    elements = (*find_all(node, "ram:ID"), *find_all(node, "ram:GlobalID"))
    return tuple(
        Identifier(value=value, scheme=attribute(element, "schemeID"))
        for element in elements
        if (value := content(element))
    )


def read_address(node: Node | None) -> Address | None:
    address = Address(
        line1=text(node, "ram:LineOne"),
        line2=text(node, "ram:LineTwo"),
        line3=text(node, "ram:LineThree"),
        city=text(node, "ram:CityName"),
        postal_code=text(node, "ram:PostcodeCode"),
        subdivision=text(node, "ram:CountrySubDivisionName"),
        country=text(node, "ram:CountryID"),
    )
    return None if address == Address() else address


def read_allowances(node: Node | None) -> tuple[Allowance, ...]:
    return tuple(
        found
        for element in find_all(node, "ram:SpecifiedTradeAllowanceCharge")
        if (found := _allowance(element)) is not None
    )


def read_service_charges(node: Node | None) -> tuple[Allowance, ...]:
    """Transport and the like, which the EXTENDED profile states in an element of its own: charges all the same."""
    return tuple(
        Allowance(
            charge=True,
            amount=amount,
            vat_category=text(element, "ram:AppliedTradeTax/ram:CategoryCode"),
            vat_rate=number(element, "ram:AppliedTradeTax/ram:RateApplicablePercent"),
            reason=text(element, "ram:Description"),
        )
        for element in find_all(node, "ram:SpecifiedLogisticsServiceCharge")
        if (amount := number(element, "ram:AppliedAmount")) is not None
    )


def read_period(node: Node | None) -> Period | None:
    start, end = day(node, "ram:StartDateTime"), day(node, "ram:EndDateTime")
    return Period(start=start, end=end) if start or end else None


def _contact(node: Node | None) -> Contact | None:
    contact = Contact(
        name=text(node, "ram:PersonName") or text(node, "ram:DepartmentName"),
        phone=text(node, "ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        email=text(node, "ram:EmailURIUniversalCommunication/ram:URIID"),
    )
    return None if contact == Contact() else contact


def _allowance(node: Node) -> Allowance | None:
    amount = number(node, "ram:ActualAmount")
    if amount is None:
        return None
    return Allowance(
        charge=indicator(node, "ram:ChargeIndicator"),
        amount=amount,
        base=number(node, "ram:BasisAmount"),
        percentage=number(node, "ram:CalculationPercent"),
        vat_category=text(node, "ram:CategoryTradeTax/ram:CategoryCode"),
        vat_rate=number(node, "ram:CategoryTradeTax/ram:RateApplicablePercent"),
        reason=text(node, "ram:Reason"),
        reason_code=text(node, "ram:ReasonCode"),
    )
