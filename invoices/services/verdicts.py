"""What the checks of an invoice said, as its row keeps it."""

from dataclasses import asdict

from invoices.checks.model import Check
from invoices.models import Invoice, InvoiceCheck


def verdict_of(invoice: Invoice, check: Check) -> InvoiceCheck:
    """Not saved yet."""
    return InvoiceCheck(
        company_id=invoice.company_id,
        invoice=invoice,
        rule_set=check.rule_set,
        version=check.version,
        ran=check.ran,
        reason=check.reason or "",
        findings=[asdict(finding) for finding in check.findings],
    )
