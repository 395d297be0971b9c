import io
from typing import Any

import pikepdf
import pytest

from invoices.formats import read
from invoices.samples import as_cii_xml, as_ubl_xml
from tests.invoices import making

INVOICE = making.invoice()
CII = as_cii_xml(INVOICE)
UBL = as_ubl_xml(INVOICE)


@pytest.mark.parametrize("options", [{}, {"nested": True}, {"in_af": True}, {"packed": 2}, {"packed": 0}])
def test_attachment_is_found_wherever_a_pdf_may_keep_it(options: dict[str, Any]) -> None:
    result = read(making.pdf_with(("factur-x.xml", CII), **options))

    assert (result.container, result.xml) == ("facturx", CII)


def _on_the_page(pdf: pikepdf.Pdf, spec: Any) -> None:
    pdf.pages[0].obj.AF = pikepdf.Array([spec])


def _as_annotation(pdf: pikepdf.Pdf, spec: Any) -> None:
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=pikepdf.Array([0, 0, 9, 9]), FS=spec
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(annotation)])


def _deep_in_the_tree(pdf: pikepdf.Pdf, spec: Any) -> None:
    node = pikepdf.Dictionary(Names=pikepdf.Array(["x", spec]), Limits=pikepdf.Array(["x", "x"]))
    for _ in range(5):
        node = pikepdf.Dictionary(Kids=pikepdf.Array([pdf.make_indirect(node)]))
    pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pdf.make_indirect(node))


@pytest.mark.parametrize("put", [_on_the_page, _as_annotation, _deep_in_the_tree])
@pytest.mark.parametrize("key", ["/F", "/UF", "/Unix", "/DOS", "/Mac"])
def test_attachment_is_found_under_each_key_at_each_place(put: Any, key: str) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, EF=pikepdf.Dictionary({key: pdf.make_stream(CII)}))
    put(pdf, pdf.make_indirect(spec))
    out = io.BytesIO()
    pdf.save(out)

    assert read(out.getvalue()).xml == CII


@pytest.mark.parametrize(
    "name",
    ["", "FACTUR-X.XML", "facture.txt", "Rechnung März.xml", "a/b\\c:d.xml", "发票.xml", "x" * 300, "\ud83d\ude00.pdf"],
)
def test_attachment_is_found_whatever_its_name(name: str) -> None:
    assert read(making.pdf_with((name.encode("utf-16", "surrogatepass").decode("utf-16"), CII))).xml == CII


def test_name_in_no_known_encoding_does_not_matter() -> None:
    with pikepdf.open(io.BytesIO(making.pdf_with(("factur-x.xml", CII)))) as pdf:
        spec = pdf.Root.Names.EmbeddedFiles.Names[1]
        spec.UF = pikepdf.String(b"\xfe\xff\xd8\x00")
        spec.F = pikepdf.Name.Odd
        out = io.BytesIO()
        pdf.save(out)

    assert read(out.getvalue()).xml == CII


def test_of_several_invoices_cii_goes_before_zugferd_1_and_ubl() -> None:
    result = read(making.pdf_with(("a.xml", UBL), ("b.xml", b"<x/>"), ("c.xml", CII), ("d.pdf", b"%PDF-1.4")))

    assert (result.container, result.xml) == ("facturx", CII)


def test_attachment_is_chosen_by_its_root_element() -> None:
    result = read(making.pdf_with(("factur-x.xml", b"<other/>"), ("notes.txt", b"hello"), ("données", CII)))

    assert result.invoice == INVOICE


def test_attachment_with_the_norms_name_goes_first() -> None:
    other = as_cii_xml(making.invoice(number="F2026-9999"))
    result = read(making.pdf_with(("annexe.xml", other), ("factur-x.xml", CII)))

    assert result.invoice == INVOICE


def test_zugferd_is_told_by_the_name_of_its_attachment() -> None:
    assert read(making.pdf_with(("ZUGFeRD-invoice.xml", CII))).container == "zugferd"


def test_pdf_that_carries_ubl_stays_a_pdf_with_data() -> None:
    result = read(making.pdf_with(("facture.xml", UBL)))

    assert (result.container, result.invoice) == ("pdf", INVOICE)


def test_name_tree_that_goes_round_in_circles_ends() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    node = pdf.make_indirect(pikepdf.Dictionary())
    node.Kids = pikepdf.Array([node, node])
    pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=node)
    out = io.BytesIO()
    pdf.save(out)

    assert read(out.getvalue()).container == "pdf"


def test_pdf_protected_against_changes_only_is_read() -> None:
    assert read(making.encrypted(making.pdf_with(("factur-x.xml", CII)), password="")).invoice == INVOICE
