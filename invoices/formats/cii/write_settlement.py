"""Money in a CII document, written: how it is paid, VAT, totals."""

import re
from typing import Final

from lxml import etree

from invoices.formats.build import group, leaf
from invoices.formats.cii.values import TAX_POINT_CODES
from invoices.formats.cii.write_groups import write_allowances, write_day, write_party, write_period
from invoices.formats.model import BankAccount, Invoice, Payment, Totals

DUE_DATE_TYPE_CODES: Final = {norm: cii for cii, norm in TAX_POINT_CODES.items()}
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9 ]{11,38}")


def write_settlement(parent: etree._Element, invoice: Invoice) -> None:
    payment = invoice.payment
    debit = payment.direct_debit if payment else None
    with group(parent, "ram:ApplicableHeaderTradeSettlement") as node:
        leaf(node, "ram:CreditorReferenceID", debit.creditor if debit else None)
        leaf(node, "ram:PaymentReference", payment.remittance if payment else None)
        # The same currency again says nothing, and BR-53 would then ask for a second VAT total.
        leaf(node, "ram:TaxCurrencyCode", invoice.tax_currency if invoice.tax_currency != invoice.currency else None)
        leaf(node, "ram:InvoiceCurrencyCode", invoice.currency)
        write_party(node, "ram:PayeeTradeParty", invoice.payee)
        _write_means(node, payment)
        _write_taxes(node, invoice)
        write_period(node, invoice.period)
        write_allowances(node, invoice.allowances)
        _write_terms(node, invoice, debit.mandate if debit else None)
        _write_totals(node, invoice.totals, invoice)
        for reference in invoice.preceding_invoices:
            with group(node, "ram:InvoiceReferencedDocument") as document:
                leaf(document, "ram:IssuerAssignedID", reference.number)
                write_day(document, "ram:FormattedIssueDateTime", reference.issue_date, inner="qdt:DateTimeString")
        with group(node, "ram:ReceivableSpecifiedTradeAccountingAccount") as account:
            leaf(account, "ram:ID", invoice.accounting_reference)


def _write_means(parent: etree._Element, payment: Payment | None) -> None:
    """One element per account: CII has no list of accounts inside one means of payment."""
    if payment is None or payment.means_code is None:
        return
    accounts: tuple[BankAccount | None, ...] = payment.accounts or (None,)
    for account in accounts:
        with group(parent, "ram:SpecifiedTradeSettlementPaymentMeans") as node:
            leaf(node, "ram:TypeCode", payment.means_code)
            leaf(node, "ram:Information", payment.means_text)
            if payment.card is not None:
                with group(node, "ram:ApplicableTradeSettlementFinancialCard") as card:
                    leaf(card, "ram:ID", payment.card.number)
                    leaf(card, "ram:CardholderName", payment.card.holder)
            with group(node, "ram:PayerPartyDebtorFinancialAccount") as payer:
                leaf(payer, "ram:IBANID", payment.direct_debit.account if payment.direct_debit else None)
            if account is not None:
                _write_account(node, account)


def _write_account(parent: etree._Element, account: BankAccount) -> None:
    is_iban = bool(_IBAN.fullmatch(account.account))
    with group(parent, "ram:PayeePartyCreditorFinancialAccount") as node:
        leaf(node, "ram:IBANID", account.account if is_iban else None)
        leaf(node, "ram:AccountName", account.name)
        leaf(node, "ram:ProprietaryID", None if is_iban else account.account)
    with group(parent, "ram:PayeeSpecifiedCreditorFinancialInstitution") as institution:
        leaf(institution, "ram:BICID", account.bic)


def _write_taxes(parent: etree._Element, invoice: Invoice) -> None:
    code = invoice.tax_point_code
    for tax in invoice.vat_breakdown:
        with group(parent, "ram:ApplicableTradeTax") as node:
            leaf(node, "ram:CalculatedAmount", tax.amount)
            leaf(node, "ram:TypeCode", "VAT")
            leaf(node, "ram:ExemptionReason", tax.exemption_reason)
            leaf(node, "ram:BasisAmount", tax.base)
            leaf(node, "ram:CategoryCode", tax.category)
            leaf(node, "ram:ExemptionReasonCode", tax.exemption_code)
            write_day(node, "ram:TaxPointDate", invoice.tax_point_date, inner="udt:DateString")
            leaf(node, "ram:DueDateTypeCode", DUE_DATE_TYPE_CODES.get(code or "", code))
            leaf(node, "ram:RateApplicablePercent", tax.rate)


def _write_terms(parent: etree._Element, invoice: Invoice, mandate: str | None) -> None:
    with group(parent, "ram:SpecifiedTradePaymentTerms") as node:
        leaf(node, "ram:Description", invoice.payment_terms)
        write_day(node, "ram:DueDateDateTime", invoice.due_date)
        leaf(node, "ram:DirectDebitMandateID", mandate)


def _write_totals(parent: etree._Element, totals: Totals, invoice: Invoice) -> None:
    with group(parent, "ram:SpecifiedTradeSettlementHeaderMonetarySummation") as node:
        leaf(node, "ram:LineTotalAmount", totals.lines)
        leaf(node, "ram:ChargeTotalAmount", totals.charges)
        leaf(node, "ram:AllowanceTotalAmount", totals.allowances)
        leaf(node, "ram:TaxBasisTotalAmount", totals.without_vat)
        leaf(node, "ram:TaxTotalAmount", totals.vat, currencyID=invoice.currency)
        leaf(node, "ram:TaxTotalAmount", totals.vat_in_tax_currency, currencyID=invoice.tax_currency)
        leaf(node, "ram:RoundingAmount", totals.rounding)
        leaf(node, "ram:GrandTotalAmount", totals.with_vat)
        leaf(node, "ram:TotalPrepaidAmount", totals.prepaid)
        leaf(node, "ram:DuePayableAmount", totals.amount_due)
