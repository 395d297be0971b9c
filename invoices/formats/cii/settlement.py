"""Money in a CII document: how it is paid, VAT, totals."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from invoices.formats.cii.values import day
from invoices.formats.model import BankAccount, Card, DirectDebit, Payment, Totals, VatBreakdown
from invoices.formats.xml import Node, attribute, decimal, find, find_all, number, text


def read_due_date(settlement: Node | None) -> date | None:
    terms = find_all(settlement, "ram:SpecifiedTradePaymentTerms")
    return next((when for term in terms if (when := day(term, "ram:DueDateDateTime"))), None)


def read_payment_terms(settlement: Node | None) -> str | None:
    """BT-20. Several terms (EXTENDED) are kept, one a line."""
    terms = find_all(settlement, "ram:SpecifiedTradePaymentTerms")
    return "\n".join(words for term in terms if (words := text(term, "ram:Description"))) or None


def read_payment(settlement: Node | None) -> Payment | None:
    means = find_all(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
    remittance = text(settlement, "ram:PaymentReference")
    debit = _direct_debit(settlement, means)
    if not means and remittance is None and debit is None:
        return None
    return Payment(
        means_code=next((code for one in means if (code := text(one, "ram:TypeCode"))), None),
        means_text=next((words for one in means if (words := text(one, "ram:Information"))), None),
        remittance=remittance,
        accounts=tuple(account for one in means if (account := _account(one))),
        card=next((card for one in means if (card := _card(one))), None),
        direct_debit=debit,
    )


def read_vat(node: Node) -> VatBreakdown:
    return VatBreakdown(
        category=text(node, "ram:CategoryCode") or "",
        base=number(node, "ram:BasisAmount"),
        amount=number(node, "ram:CalculatedAmount"),
        rate=number(node, "ram:RateApplicablePercent"),
        exemption_reason=text(node, "ram:ExemptionReason"),
        exemption_code=text(node, "ram:ExemptionReasonCode"),
    )


def read_totals(node: Node | None, currency: str | None) -> Totals:
    vat, vat_in_tax_currency = _vat_totals(node, currency)
    return Totals(
        lines=number(node, "ram:LineTotalAmount"),
        allowances=number(node, "ram:AllowanceTotalAmount"),
        charges=number(node, "ram:ChargeTotalAmount"),
        without_vat=number(node, "ram:TaxBasisTotalAmount"),
        vat=vat,
        vat_in_tax_currency=vat_in_tax_currency,
        with_vat=number(node, "ram:GrandTotalAmount"),
        prepaid=number(node, "ram:TotalPrepaidAmount"),
        rounding=number(node, "ram:RoundingAmount"),
        amount_due=number(node, "ram:DuePayableAmount"),
    )


def _vat_totals(node: Node | None, currency: str | None) -> tuple[Decimal | None, Decimal | None]:
    """BT-110 is the amount in the invoice's currency (or without one), BT-111 the one in another."""
    vat, other = None, None
    for element in find_all(node, "ram:TaxTotalAmount"):
        if attribute(element, "currencyID") in {None, currency} and vat is None:
            vat = decimal(element)
        else:
            other = decimal(element)
    return vat, other


def _account(means: Node) -> BankAccount | None:
    holder = find(means, "ram:PayeePartyCreditorFinancialAccount")
    account = text(holder, "ram:IBANID") or text(holder, "ram:ProprietaryID")
    if account is None:
        return None
    return BankAccount(
        account=account,
        name=text(holder, "ram:AccountName"),
        bic=text(means, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    )


def _card(means: Node) -> Card | None:
    card = find(means, "ram:ApplicableTradeSettlementFinancialCard")
    digits = text(card, "ram:ID")
    return Card(number=digits, holder=text(card, "ram:CardholderName")) if digits else None


def _direct_debit(settlement: Node | None, means: Sequence[Node]) -> DirectDebit | None:
    terms = find_all(settlement, "ram:SpecifiedTradePaymentTerms")
    mandate = next((value for term in terms if (value := text(term, "ram:DirectDebitMandateID"))), None)
    creditor = text(settlement, "ram:CreditorReferenceID")
    accounts = (text(one, "ram:PayerPartyDebtorFinancialAccount/ram:IBANID") for one in means)
    account = next((account for account in accounts if account), None)
    if mandate or creditor or account:
        return DirectDebit(mandate=mandate, creditor=creditor, account=account)
    return None
