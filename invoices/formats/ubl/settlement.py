"""Money in a UBL document: how it is paid, VAT, totals."""

from collections.abc import Sequence
from decimal import Decimal

from invoices.formats.model import BankAccount, Card, DirectDebit, Payment, Totals, VatBreakdown
from invoices.formats.ubl.groups import CREDITOR_SCHEME, read_identifiers
from invoices.formats.xml import Node, attribute, decimal, find, find_all, number, text


def read_payment(root: Node) -> Payment | None:
    means = find_all(root, "cac:PaymentMeans")
    debit = _direct_debit(root, means)
    if not means and debit is None:
        return None
    codes = [find(one, "cbc:PaymentMeansCode") for one in means]
    return Payment(
        means_code=next((code for one in means if (code := text(one, "cbc:PaymentMeansCode"))), None),
        means_text=next((words for code in codes if (words := attribute(code, "name"))), None),
        remittance=next((words for one in means if (words := text(one, "cbc:PaymentID"))), None),
        accounts=tuple(account for one in means if (account := _account(one))),
        card=next((card for one in means if (card := _card(one))), None),
        direct_debit=debit,
    )


def read_vat_breakdown(root: Node) -> tuple[VatBreakdown, ...]:
    return tuple(map(_vat, find_all(root, "cac:TaxTotal/cac:TaxSubtotal")))


def read_totals(root: Node, currency: str | None) -> Totals:
    node = find(root, "cac:LegalMonetaryTotal")
    vat, vat_in_tax_currency = _vat_totals(root, currency)
    return Totals(
        lines=number(node, "cbc:LineExtensionAmount"),
        allowances=number(node, "cbc:AllowanceTotalAmount"),
        charges=number(node, "cbc:ChargeTotalAmount"),
        without_vat=number(node, "cbc:TaxExclusiveAmount"),
        vat=vat,
        vat_in_tax_currency=vat_in_tax_currency,
        with_vat=number(node, "cbc:TaxInclusiveAmount"),
        prepaid=number(node, "cbc:PrepaidAmount"),
        rounding=number(node, "cbc:PayableRoundingAmount"),
        amount_due=number(node, "cbc:PayableAmount"),
    )


def _vat_totals(root: Node, currency: str | None) -> tuple[Decimal | None, Decimal | None]:
    """BT-110 is the amount in the invoice's currency, BT-111 the one in another."""
    vat, other = None, None
    for element in find_all(root, "cac:TaxTotal/cbc:TaxAmount"):
        if attribute(element, "currencyID") in {None, currency} and vat is None:
            vat = decimal(element)
        else:
            other = decimal(element)
    return vat, other


def _vat(node: Node) -> VatBreakdown:
    category = find(node, "cac:TaxCategory")
    return VatBreakdown(
        category=text(category, "cbc:ID") or "",
        base=number(node, "cbc:TaxableAmount"),
        amount=number(node, "cbc:TaxAmount"),
        rate=number(category, "cbc:Percent"),
        exemption_reason=text(category, "cbc:TaxExemptionReason"),
        exemption_code=text(category, "cbc:TaxExemptionReasonCode"),
    )


def _account(means: Node) -> BankAccount | None:
    holder = find(means, "cac:PayeeFinancialAccount")
    account = text(holder, "cbc:ID")
    if account is None:
        return None
    return BankAccount(
        account=account,
        name=text(holder, "cbc:Name"),
        bic=text(holder, "cac:FinancialInstitutionBranch/cbc:ID"),
    )


def _card(means: Node) -> Card | None:
    card = find(means, "cac:CardAccount")
    digits = text(card, "cbc:PrimaryAccountNumberID")
    return Card(number=digits, holder=text(card, "cbc:HolderName")) if digits else None


def _direct_debit(root: Node, means: Sequence[Node]) -> DirectDebit | None:
    mandates = [find(one, "cac:PaymentMandate") for one in means]
    mandate = next((value for one in mandates if (value := text(one, "cbc:ID"))), None)
    accounts = (text(one, "cac:PayerFinancialAccount/cbc:ID") for one in mandates)
    account = next((account for account in accounts if account), None)
    creditor = _creditor(root)
    if mandate or account or creditor:
        return DirectDebit(mandate=mandate, creditor=creditor, account=account)
    return None


def _creditor(root: Node) -> str | None:
    for holder in ("cac:PayeeParty", "cac:AccountingSupplierParty/cac:Party"):
        for one in read_identifiers(find(root, holder)):
            if one.scheme == CREDITOR_SCHEME:
                return one.value
    return None
