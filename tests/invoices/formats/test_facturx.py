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
