"""The text of a PDF as a person reads it: lines from top to foot, columns apart, pages apart."""

import pytest
import typst

from invoices.formats.pdf_text import PAGE_BREAK, lines_of, read_text
from invoices.opening import text_of
from tests.invoices import making

PAGE = b"""#set page(width: 120mm, height: 60mm, margin: 8mm)
#grid(columns: (1fr, 1fr), [Facture F-2026-001], [du 2 novembre 2026])
#grid(columns: (1fr, 1fr), [Total TTC], align(right)[1 240,00 \\u{20ac}])
#pagebreak()
Conditions"""


def _pdf() -> bytes:
    made = typst.compile(PAGE)
    assert isinstance(made, bytes)
    return made


def test_text_is_read_in_the_order_of_reading() -> None:
    assert list(lines_of(text_of(_pdf()))) == [
        (1, "Facture F-2026-001  du 2 novembre 2026"),
        (1, "Total TTC  1 240,00 €"),
        (2, "Conditions"),
    ]


@pytest.mark.parametrize("data", [making.pdf_with(), b"%PDF-1.7\nnothing", _pdf()[:500], b""])
def test_scan_or_damaged_file_has_no_text(data: bytes) -> None:
    assert read_text(data) == ""


def test_protected_file_has_no_text() -> None:
    assert read_text(making.encrypted(_pdf(), password="secret")) == ""
    assert PAGE_BREAK in read_text(making.encrypted(_pdf(), password=""))
