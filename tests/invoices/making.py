"""Invoices and files that tests make themselves."""

import io
import zlib
from datetime import date
from decimal import Decimal
from typing import Any

import pikepdf

from invoices.formats.model import Invoice, PrecedingInvoice
from invoices.samples import SampleLine, as_ubl_xml, french_party, sample_invoice

SELLER = french_party(name="Boulangerie Martin", siren="443061841", siret="44306184100047", vat="FR64443061841")
BUYER = french_party(name="Cabinet Durand & Associés", siren="732829320", siret="73282932000074", vat="FR44732829320")
LINES = (
    SampleLine(name="Pain de campagne", quantity=Decimal(12), unit_price=Decimal("3.85"), vat_rate=Decimal("5.50")),
    SampleLine(name="Location de vitrine", quantity=Decimal("1.5"), unit_price=Decimal("120.00"), unit="MON"),
)


def invoice(**changes: Any) -> Invoice:
    given: dict[str, Any] = {
        "seller": SELLER,
        "buyer": BUYER,
        "number": "F2026-0012",
        "issue_date": date(2026, 11, 3),
        "lines": LINES,
    }
    return sample_invoice(**{**given, **changes})


def credit_note() -> Invoice:
    corrected = PrecedingInvoice(number="F2026-0009", issue_date=date(2026, 10, 1))
    return invoice(number="A2026-0001", corrects=corrected)


def ubl_of(count: int) -> bytes:
    """A UBL invoice of so many lines, each the same."""
    one = as_ubl_xml(invoice(lines=LINES[:1]))
    start, end = one.index(b"<cac:InvoiceLine>"), one.index(b"</Invoice>")
    return one[:start] + one[start:end] * count + one[end:]


def pdf_with(*attachments: tuple[str, bytes], packed: int = 1, nested: bool = False, in_af: bool = False) -> bytes:
    """A one-page PDF with these files in a flat or nested name tree, or in AF only, deflated `packed` times."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    specs = [(name, _spec(pdf, name, content, packed)) for name, content in attachments]
    if in_af:
        pdf.Root.AF = pikepdf.Array([spec for _, spec in specs])
    else:
        names = pikepdf.Dictionary(Names=pikepdf.Array([item for pair in specs for item in pair]))
        tree = pikepdf.Dictionary(Kids=pikepdf.Array([pdf.make_indirect(names)])) if nested else names
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=tree)
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def encrypted(pdf: bytes, *, password: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="owner", user=password))
    return out.getvalue()


def _spec(pdf: pikepdf.Pdf, name: str, content: bytes, packed: int) -> Any:
    for _ in range(packed):
        content = zlib.compress(content, 9)
    stream = pikepdf.Stream(pdf, b"")
    stream.write(content, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * packed))
    files = pikepdf.Dictionary(F=pdf.make_indirect(stream))
    return pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F=name, UF=name, EF=files))
