"""Money in a UBL document, written: how it is paid, allowances, VAT, totals."""

from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from invoices.formats.build import group, leaf
from invoices.formats.model import Allowance, BankAccount, Invoice


def write_payment(root: etree._Element, invoice: Invoice) -> None:
    """A credit note has its due date here (BT-9)."""
    payment = invoice.payment
    due_date = invoice.due_date if invoice.is_credit_note else None
    if payment is not None:
        accounts: tuple[BankAccount | None, ...] = payment.accounts or (None,)
        for account in accounts:
            with group(root, "cac:PaymentMeans") as node:
                leaf(node, "cbc:PaymentMeansCode", payment.means_code, name=payment.means_text)
                leaf(node, "cbc:PaymentDueDate", due_date)
                leaf(node, "cbc:PaymentID", payment.remittance)
                _write_account(node, account)
    with group(root, "cac:PaymentTerms") as terms:
        leaf(terms, "cbc:Note", invoice.payment_terms)


def _write_account(parent: etree._Element, account: BankAccount | None) -> None:
    if account is None:
        return
    with group(parent, "cac:PayeeFinancialAccount") as node:
        leaf(node, "cbc:ID", account.account)
        leaf(node, "cbc:Name", account.name)
        with group(node, "cac:FinancialInstitutionBranch") as branch:
            leaf(branch, "cbc:ID", account.bic)


def write_allowances(parent: etree._Element, allowances: Sequence[Allowance], currency: str | None) -> None:
    for allowance in allowances:
        with group(parent, "cac:AllowanceCharge") as node:
            leaf(node, "cbc:ChargeIndicator", allowance.charge)
            leaf(node, "cbc:AllowanceChargeReasonCode", allowance.reason_code)
            leaf(node, "cbc:AllowanceChargeReason", allowance.reason)
            leaf(node, "cbc:MultiplierFactorNumeric", allowance.percentage)
            leaf(node, "cbc:Amount", allowance.amount, currencyID=currency)
            leaf(node, "cbc:BaseAmount", allowance.base, currencyID=currency)
            if allowance.vat_category:
                _write_category(node, allowance.vat_category, allowance.vat_rate)


def write_tax(root: etree._Element, invoice: Invoice) -> None:
    currency = invoice.currency
    with group(root, "cac:TaxTotal") as node:
        leaf(node, "cbc:TaxAmount", invoice.totals.vat, currencyID=currency)
        for tax in invoice.vat_breakdown:
            with group(node, "cac:TaxSubtotal") as subtotal:
                leaf(subtotal, "cbc:TaxableAmount", tax.base, currencyID=currency)
                leaf(subtotal, "cbc:TaxAmount", tax.amount, currencyID=currency)
                _write_category(subtotal, tax.category, tax.rate, exemption=(tax.exemption_code, tax.exemption_reason))
    with group(root, "cac:TaxTotal") as other:
        leaf(other, "cbc:TaxAmount", invoice.totals.vat_in_tax_currency, currencyID=invoice.tax_currency)


def write_totals(root: etree._Element, invoice: Invoice) -> None:
    totals = invoice.totals
    with group(root, "cac:LegalMonetaryTotal") as node:
        for short, value in (
            ("cbc:LineExtensionAmount", totals.lines),
            ("cbc:TaxExclusiveAmount", totals.without_vat),
            ("cbc:TaxInclusiveAmount", totals.with_vat),
            ("cbc:AllowanceTotalAmount", totals.allowances),
            ("cbc:ChargeTotalAmount", totals.charges),
            ("cbc:PrepaidAmount", totals.prepaid),
            ("cbc:PayableRoundingAmount", totals.rounding),
            ("cbc:PayableAmount", totals.amount_due),
        ):
            leaf(node, short, value, currencyID=invoice.currency)


def _write_category(
    parent: etree._Element,
    category: str,
    rate: Decimal | None,
    *,
    exemption: tuple[str | None, str | None] = (None, None),
) -> None:
    with group(parent, "cac:TaxCategory") as node:
        leaf(node, "cbc:ID", category)
        leaf(node, "cbc:Percent", rate)
        leaf(node, "cbc:TaxExemptionReasonCode", exemption[0])
        leaf(node, "cbc:TaxExemptionReason", exemption[1])
        with group(node, "cac:TaxScheme") as scheme:
            leaf(scheme, "cbc:ID", "VAT")
