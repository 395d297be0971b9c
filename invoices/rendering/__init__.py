"""A readable PDF of an invoice's data: `outgoing_pdf` is for the product, `pdf` for the child that does the work."""

from invoices.rendering.deliverable import outgoing_pdf

__all__ = ["outgoing_pdf"]
