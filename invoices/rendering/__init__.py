"""A readable PDF of an invoice: `outgoing_pdf` (of its data) and `picture_pdf` (of its photo) are for the product."""

from invoices.rendering.deliverable import outgoing_pdf
from invoices.rendering.picture import picture_pdf

__all__ = ["outgoing_pdf", "picture_pdf"]
