"""The page around a deposited image."""

import base64
import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from invoices.rendering import picture_pdf

#: One red point.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")


@pytest.mark.parametrize("number", ["2026/17", "F🍕 नमस्ते", '#panic("out")'])
def test_image_becomes_a_pdf_a_page_whatever_its_number(tmp_path: Path, number: str) -> None:
    picture = tmp_path / "photo"
    picture.write_bytes(PNG)
    first, second = (picture_pdf(picture, number=number, day=date(2026, 11, 2)) for _ in range(2))
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
