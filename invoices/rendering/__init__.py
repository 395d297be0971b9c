"""A readable PDF of an invoice: what the product calls.

`outgoing_pdf` is of its data, `outgoing_of_pdf` of a PDF that carries data, `picture_pdf` of its photo.
"""

from invoices.rendering.deliverable import outgoing_of_pdf, outgoing_pdf
from invoices.rendering.picture import picture_pdf

__all__ = ["outgoing_of_pdf", "outgoing_pdf", "picture_pdf"]
