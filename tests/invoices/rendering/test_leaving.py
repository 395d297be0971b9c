"""Every invoice leaves as Factur-X, whatever it came in."""

import dataclasses
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from invoices.checks.run import run_checks
from invoices.formats import ReadResult, read
from invoices.formats.detect import detect
from invoices.formats.model import Invoice
from invoices.rendering import outgoing_of_pdf
from invoices.rendering.carrying import carried
from invoices.samples import as_cii_xml, as_facturx_pdf, as_ubl_xml
from tests.invoices import making
from tests.invoices.corpus import every

INVOICE = making.invoice()
FACTURX = as_facturx_pdf(INVOICE)
CII = as_cii_xml(INVOICE)
UBL = as_ubl_xml(INVOICE)
ZUGFERD_ID = b"urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic"


def test_factur_x_that_is_right_leaves_as_it_came() -> None:
    assert outgoing_of_pdf(FACTURX) is None


def test_pdf_without_data_leaves_as_it_came() -> None:
    assert outgoing_of_pdf(making.pdf_with(("notes.txt", b"hello"))) is None


def _without_relation(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/AF"]


def _related_otherwise(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AF[0].AFRelationship = pikepdf.Name.Unspecified


def _renamed(pdf: pikepdf.Pdf) -> None:
    spec = pdf.Root.Names.EmbeddedFiles.Names[1]
    pdf.Root.Names.EmbeddedFiles.Names[0] = spec.F = spec.UF = pikepdf.String("invoice.xml")


def _of_another_level(pdf: pikepdf.Pdf) -> None:
    metadata = bytes(pdf.Root.Metadata.read_bytes()).replace(b">EN 16931<", b">BASIC<")
    pdf.Root.Metadata.write(metadata)


@pytest.mark.parametrize("harm", [_without_relation, _related_otherwise, _renamed, _of_another_level])
def test_factur_x_that_is_packed_wrongly_leaves_mended_on_its_own_pages(harm: Any) -> None:
    mended = outgoing_of_pdf(_changed(FACTURX, harm))

    assert mended is not None
    assert _attachments(mended) == {"factur-x.xml": read(FACTURX).xml}
    assert _pages(mended) == _pages(FACTURX)
    assert outgoing_of_pdf(mended) is None


@pytest.mark.parametrize(
    ("inside", "name"), [(UBL, "facture-ubl.xml"), (CII.replace(b"urn:cen.eu:en16931:2017", ZUGFERD_ID), "")]
)
def test_archivable_pdf_with_other_data_keeps_its_pages_and_what_came(inside: bytes, name: str) -> None:
    def swap(pdf: pikepdf.Pdf) -> None:
        spec = pdf.Root.Names.EmbeddedFiles.Names[1]
        spec.EF = pikepdf.Dictionary(F=pdf.make_stream(inside))
        pdf.attachments["bon.txt"] = b"bon de commande"

    came = _changed(FACTURX, swap)
    leaves = outgoing_of_pdf(came)

    assert leaves is not None
    assert _same(read(leaves).invoice, read(came).invoice)
    assert _pages(leaves) == _pages(FACTURX)
    attached = _attachments(leaves)
    assert attached.pop("factur-x.xml") == read(leaves).xml
    assert attached == {name or "cii-d-origine.xml": inside, "bon.txt": b"bon de commande"}
    assert outgoing_of_pdf(leaves) is None


@pytest.mark.parametrize("inside", [UBL, CII])
def test_other_pdf_leaves_as_pages_made_of_its_data_with_the_pdf_attached(inside: bytes) -> None:
    came = making.pdf_with(("facture.xml", inside))
    leaves = outgoing_of_pdf(came)

    assert leaves is not None
    assert (read(leaves).container, read(leaves).invoice) == ("facturx", INVOICE)
    assert _attachments(leaves) == {"factur-x.xml": CII, "pdf-d-origine.pdf": came}
    assert outgoing_of_pdf(came) == leaves


def test_invoice_without_lines_leaves_at_the_profile_that_has_none() -> None:
    bare = making.invoice(lines=())
    bare = dataclasses.replace(bare, vat_breakdown=INVOICE.vat_breakdown, payment=None, process=None)
    inside = carried(bare, as_ubl_xml(bare), kind="ubl", profile="en16931")

    assert inside is not None
    assert inside.level == "basicwl"
    assert read(inside.document).profile == "basicwl"


@every("facturx", "cii", "ubl")
def test_every_real_invoice_fits_a_valid_factur_x_with_the_same_data(file: Path) -> None:
    original = read(file.read_bytes())
    assert original.invoice is not None
    assert original.xml is not None
    inside = carried(original.invoice, original.xml, kind=detect(original.xml), profile=original.profile)

    assert inside is not None
    result = read(inside.document)
    assert _same(result.invoice, original.invoice)
    leaves = ReadResult(container="facturx", profile=inside.level, invoice=result.invoice, xml=result.xml)
    assert not _new_faults(leaves, original)


@every("facturx", most=4)
def test_real_pdf_leaves_as_a_factur_x_that_is_right(file: Path) -> None:
    leaves = outgoing_of_pdf(file) or file.read_bytes()

    assert _same(read(leaves).invoice, read(file.read_bytes()).invoice)
    assert outgoing_of_pdf(leaves) is None


def _new_faults(leaves: ReadResult, original: ReadResult) -> set[str]:
    """The faults of what leaves; a file that already had them (a norm younger than it) keeps them."""
    return _faults(leaves) - _faults(original)


def _faults(result: ReadResult) -> set[str]:
    wanted = [check for check in run_checks(result) if check.rule_set in {"schema", "en16931"}]
    return {one.rule for check in wanted for one in check.findings if one.severity == "fatal"}


def _same(one: Invoice | None, other: Invoice | None) -> bool:
    """But for BT-24, a second currency equal to the first, and what CII has no place for (see test_corpus)."""
    return one is not None and other is not None and _bare(one) == _bare(other)


def _bare(invoice: Invoice) -> Invoice:
    lines = tuple(
        dataclasses.replace(line, price=dataclasses.replace(line.price, discount=None))
        if line.price.gross is None
        else line
        for line in invoice.lines
    )
    currency = None if invoice.tax_currency == invoice.currency else invoice.tax_currency
    return dataclasses.replace(invoice, specification=None, tax_currency=currency, lines=lines)


def _changed(pdf: bytes, change: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        opened.save(out)
    return out.getvalue()


def _attachments(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}


def _pages(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [page.Contents.read_bytes() for page in opened.pages]
