import pytest

from invoices.formats.detect import Kind, detect
from invoices.samples import as_cii_xml, as_facturx_pdf, as_ubl_xml
from tests.invoices.making import credit_note, invoice

CII = as_cii_xml(invoice())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (CII, "cii"),
        (as_ubl_xml(invoice()), "ubl"),
        (as_ubl_xml(credit_note()), "ubl"),
        (as_facturx_pdf(invoice()), "pdf"),
        (b"\n\n %PDF-1.7\n", "pdf"),
        (CII.replace(b"rsm:", b"any:").replace(b"xmlns:rsm", b"xmlns:any"), "cii"),
        (b"\xef\xbb\xbf" + CII, "cii"),
        (b"  \r\n" + CII, "cii"),
        (CII.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "cii"),
        (CII.decode().replace("UTF-8", "UTF-16").encode("utf-16-be"), "cii"),
        (CII[: len(CII) // 2], "cii"),
        (b"<Invoice xmlns='urn:something-else'/>", "other"),
        (b"<html><body>%PDF-1.4</body></html>", "other"),
        (b"\xff\xd8\xff\xe0 a photograph", "image"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00", "image"),
        (b"BMW;2026-11-02;1240,00\n", "other"),
        (b"PK\x03\x04", "other"),
        (b"", "other"),
    ],
)
def test_detect_tells_the_kind_from_the_bytes(data: bytes, kind: Kind) -> None:
    assert detect(data) == kind
