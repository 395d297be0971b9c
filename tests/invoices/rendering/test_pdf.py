import dataclasses
import io
from decimal import Decimal

import pikepdf

from common.isolation import run_isolated
from common.typesetting.glyphs import drawable
from invoices.formats import read
from invoices.formats.cii.write import write_cii
from invoices.opening import open_invoice
from invoices.rendering import outgoing_pdf
from invoices.rendering.pdf import render_facturx, render_pdf, render_with_source
from invoices.rendering.view import MAX_LINES, page
from invoices.samples import SampleLine, as_cii_xml, as_ubl_xml, invented_lines
from tests.invoices import making

INVOICE = making.invoice()


def test_page_speaks_french() -> None:
    shown = page(INVOICE, source="cii")

    assert shown["title"] == "Facture"
    assert shown["due"] == "264,74\u00a0€"
    assert shown["seller"]["numbers"] == [
        "SIRET\u00a0: 443\u202f061\u202f841\u202f00047",
        "N° TVA\u00a0: FR64443061841",
    ]
    assert shown["facts"][:2] == ["Date d’émission\u00a0: 03/11/2026", "Échéance\u00a0: 03/12/2026"]
    assert shown["vat"][0] == {"rate": "20\u00a0%", "base": "180,00\u00a0€", "amount": "36,00\u00a0€", "reason": ""}
    assert shown["lines"][1]["quantity"] == "1,5"
    assert page(making.credit_note(), source="ubl")["title"] == "Avoir"


def test_page_is_pdf_a_3b_and_always_the_same() -> None:
    first, second = (render_pdf(INVOICE, source="cii") for _ in range(2))

    assert first == second
    assert _conformance(first) == ("3", "B")


def test_factur_x_carries_the_cii_and_is_always_the_same() -> None:
    cii = write_cii(INVOICE)
    first, second = (render_facturx(INVOICE, cii, level="en16931", source="cii") for _ in range(2))

    assert first == second
    assert _conformance(first) == ("3", "B")
    assert _attachments(first) == {"factur-x.xml": cii}
    assert _relationships(first) == ["/Alternative"]
    assert b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in _metadata(first)
    assert read(first).invoice == INVOICE


def test_page_carries_its_source() -> None:
    ubl = as_ubl_xml(INVOICE)
    pdf = render_with_source(INVOICE, ubl, name="facture-ubl.xml", source="ubl")

    assert _attachments(pdf) == {"facture-ubl.xml": ubl}
    assert _relationships(pdf) == ["/Source"]
    assert _conformance(pdf) == ("3", "B")


def test_names_with_markup_are_only_text() -> None:
    nasty = dataclasses.replace(INVOICE.seller, name='#panic("out") $x$ <label> \\ // * _')
    pdf = render_pdf(dataclasses.replace(INVOICE, seller=nasty, number='"]#read("/etc/passwd")'), source="cii")

    assert _conformance(pdf) == ("3", "B")


def test_characters_without_a_glyph_are_boxes_on_the_page_and_whole_in_the_data() -> None:
    name = "Pizza 🍕 中文 שלום नमस्ते \ufdd0"
    odd = making.invoice(number="F🍕1", lines=[SampleLine(name=name, quantity=Decimal(1), unit_price=Decimal(9))])
    pdf = outgoing_pdf(open_invoice(as_cii_xml(odd), check=False))

    assert _conformance(pdf) == ("3", "B")
    carried = read(pdf).invoice
    assert carried is not None
    assert (carried.number, carried.lines[0].name) == ("F🍕1", name)


def test_whole_repertoire_of_the_page_is_drawn() -> None:
    every, replaced = drawable("".join(map(chr, range(0x20, 0x3000))))
    one = SampleLine(name=every, quantity=Decimal(1), unit_price=Decimal(9))

    assert replaced
    assert len(set(every)) == 3344
    assert _conformance(render_pdf(making.invoice(lines=[one]), source="cii")) == ("3", "B")


def test_drawable_says_whether_it_replaced() -> None:
    assert drawable("Œuvre – 12 € – Ελλάδα") == ("Œuvre – 12 € – Ελλάδα", False)
    assert drawable("❤\ufe0f thé 茶") == ("□ thé □", True)


def test_ubl_leaves_as_factur_x_with_the_ubl_attached() -> None:
    ubl = as_ubl_xml(INVOICE)
    opened = open_invoice(ubl, check=False)
    pdf = outgoing_pdf(opened)

    assert _attachments(pdf) == {"factur-x.xml": write_cii(INVOICE), "facture-ubl.xml": ubl}
    assert (read(pdf).container, read(pdf).invoice) == ("facturx", INVOICE)
    assert outgoing_pdf(opened) == pdf


def test_cii_leaves_as_factur_x_around_its_own_bytes() -> None:
    cii = as_cii_xml(INVOICE)

    assert _attachments(outgoing_pdf(open_invoice(cii, check=False))) == {"factur-x.xml": cii}


def test_cii_in_utf_16_leaves_as_utf_8() -> None:
    cii = as_cii_xml(INVOICE).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    pdf = outgoing_pdf(open_invoice(cii, check=False))

    assert read(pdf).invoice == INVOICE
    assert _attachments(pdf)["factur-x.xml"].startswith(b"<?xml version='1.0' encoding='UTF-8'?>")


def test_ubl_that_factur_x_cannot_hold_leaves_as_a_page_with_the_ubl() -> None:
    ubl = as_ubl_xml(making.invoice(lines=()))
    pdf = outgoing_pdf(open_invoice(ubl, check=False))

    assert _attachments(pdf) == {"facture-ubl.xml": ubl}


def test_page_of_a_huge_invoice_says_what_it_leaves_out() -> None:
    huge = making.invoice(lines=invented_lines(1, count=MAX_LINES + 500))
    shown = page(huge, source="cii")

    assert len(shown["lines"]) == MAX_LINES
    assert shown["more"].startswith("Lignes 1\u202f501 à 2\u202f000\u00a0: ")
    assert page(INVOICE, source="cii")["more"] == ""


def test_rendering_loads_no_parser_in_the_product() -> None:
    loaded = run_isolated("tests.invoices.rendering.loading:modules_after_import", b"")

    assert loaded == []


def _open(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def _attachments(pdf: bytes) -> dict[str, bytes]:
    with _open(pdf) as opened:
        return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}


def _relationships(pdf: bytes) -> list[str]:
    with _open(pdf) as opened:
        return [str(spec.AFRelationship) for spec in opened.Root.AF]


def _metadata(pdf: bytes) -> bytes:
    with _open(pdf) as opened:
        return bytes(opened.Root.Metadata.read_bytes())


def _conformance(pdf: bytes) -> tuple[str, str]:
    with _open(pdf) as opened, opened.open_metadata() as metadata:
        return str(metadata["pdfaid:part"]), str(metadata["pdfaid:conformance"])
