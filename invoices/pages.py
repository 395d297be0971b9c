"""What an invoice's page shows, for the company and for the firm alike."""

from typing import Any

from invoices.formats.codec import from_json
from invoices.models import Invoice


def invoice_context(invoice: Invoice) -> dict[str, Any]:
    return {
        "invoice": invoice,
        "typed": from_json(invoice.data),
        "checks": [check for check in invoice.checks.order_by("id") if check.applies],
        "events": list(invoice.events.all()),
        "files": list(invoice.files.order_by("kind")),
    }
