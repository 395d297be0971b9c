"""The lines of an invoice's timeline."""

from invoices.models import Invoice, InvoiceEvent


def note(
    invoice: Invoice, kind: str, *, actor: str, text: str, status: int | None = None, reason_code: str = ""
) -> None:
    """A line of the invoice's timeline; `status` is the one of invoices.lifecycle that the invoice took by it."""
    InvoiceEvent.objects.create(
        company_id=invoice.company_id,
        invoice=invoice,
        kind=kind,
        actor=actor[:200],
        text=text[:500],
        status=status,
        reason_code=reason_code,
    )
