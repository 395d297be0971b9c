"""What a stored file is, told from its first bytes."""

from typing import Final

from common import vault
from invoices.formats.detect import PDF_HEADER_WINDOW, image_type, is_pdf

PDF: Final = "application/pdf"
#: Images that every browser shows.
SHOWN_IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
#: Images that can be put on the page of a PDF (see rendering.picture).
PRINTABLE_IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


def media_type_of(stored_as: str) -> str:
    """`application/pdf`, an image's type, or `application/octet-stream` for anything else."""
    with vault.opened(stored_as) as file:
        start = file.read(PDF_HEADER_WINDOW)
    return PDF if is_pdf(start) else image_type(start) or "application/octet-stream"
