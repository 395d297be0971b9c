import dataclasses
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from invoices.formats import InvoiceRefused, read
from invoices.formats.codec import from_json, to_json
from invoices.formats.model import Attachment, Invoice
from invoices.samples import as_cii_xml, as_facturx_pdf, as_ubl_xml
from tests.invoices import making

INVOICE = making.invoice()
CII = as_cii_xml(INVOICE)
UBL = as_ubl_xml(INVOICE)
FACTURX = as_facturx_pdf(INVOICE)
DECLARATION, BODY = CII.split(b"?>", 1)


@pytest.mark.parametrize("made", [INVOICE, making.credit_note()], ids=["invoice", "credit note"])
@pytest.mark.parametrize(
    ("writer", "container"), [(as_cii_xml, "cii"), (as_ubl_xml, "ubl"), (as_facturx_pdf, "facturx")]
)
def test_same_invoice_in_three_containers_reads_equal(
    made: Invoice, writer: Callable[[Invoice], bytes], container: str
) -> None:
    result = read(writer(made))

    assert (result.container, result.profile, result.reason) == (container, "en16931", None)
    assert result.invoice == made


def test_amounts_keep_the_digits_that_were_stated() -> None:
    result = read(CII.replace(b">46.20<", b">46.2000<"))

    assert result.invoice is not None
    assert str(result.invoice.lines[0].net_amount) == "46.2000"


def test_typed_invoice_survives_json() -> None:
    attached = dataclasses.replace(
        INVOICE, attachments=(Attachment(reference="A1", content=b"\x00\xff", mime_type="application/pdf"),)
    )
    document = json.loads(json.dumps(to_json(attached)))

    assert from_json(document) == attached
    assert (document["seller"]["siren"], document["seller"]["siret"]) == ("443061841", "44306184100047")
    assert to_json(attached, contents=False)["attachments"] == [{"reference": "A1", "mime_type": "application/pdf"}]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + CII,
        b"\r\n " + CII,
        CII.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        CII.decode().replace("UTF-8", "UTF-16").encode("utf-16-be"),
        CII.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1", "xmlcharrefreplace"),
        CII.replace(b"ram:", b"x:").replace(b"xmlns:ram", b"xmlns:x"),
        BODY,
    ],
    ids=["BOM", "leading space", "UTF-16", "UTF-16 without BOM", "Latin-1", "other prefix", "no declaration"],
)
def test_read_takes_any_encoding_and_prefix(data: bytes) -> None:
    assert read(data).invoice == INVOICE


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (CII[: len(CII) // 2], "damaged_xml"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY, "forbidden_xml"),
        (b"<!--" + b" " * 70_000 + b"--><!DOCTYPE x [<!ENTITY a 'b'>]>" + BODY, "forbidden_xml"),
        (BODY.strip()[:-30] + b"<a>" * 100_000, "damaged_xml"),
        (CII.replace(b"<ram:DuePayableAmount>", b"<ram:DuePayableAmount>NaN"), "unreadable_value"),
        (CII.replace(b"20261103", b"20261399"), "unreadable_value"),
        (FACTURX[:5000], "damaged_pdf"),
        (b"%PDF-1.7\nnothing", "damaged_pdf"),
        (making.encrypted(FACTURX, password="secret"), "encrypted_pdf"),
        (making.pdf_with(("factur-x.xml", b"<" + b"\0" * (1 << 26)), packed=2), "too_large"),
    ],
    ids=[
        "empty",
        "truncated",
        "XXE",
        "late DOCTYPE",
        "deep",
        "no number",
        "no date",
        "truncated PDF",
        "no PDF",
        "password",
        "bomb",
    ],
)
def test_read_refuses_with_a_french_reason(data: bytes, code: str) -> None:
    with pytest.raises(InvoiceRefused) as caught:
        read(data)

    assert caught.value.code == code
    assert caught.value.reason.endswith(".")


def test_entity_bomb_is_refused_before_it_grows() -> None:
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{entities}]>'.encode() + BODY.replace(b"F2026-0012", b"&j;")

    with pytest.raises(InvoiceRefused, match="forbidden_xml"):
        read(bomb)


@pytest.mark.parametrize(
    ("data", "container", "reason"),
    [
        (making.pdf_with(), "pdf", "Ce PDF ne contient pas de données de facture."),
        (b"\xff\xd8\xff\xe0", "image", "Cette image ne contient pas de données de facture."),
        (b"<order/>", "other", "Ce fichier XML n’est pas une facture UBL ou CII."),
    ],
)
def test_file_without_structured_data_says_so(data: bytes, container: str, reason: str) -> None:
    result = read(data)

    assert (result.container, result.invoice, result.xml, result.reason) == (container, None, None, reason)


def test_terms_are_read_into_their_places() -> None:
    read_invoice = read(UBL).invoice

    assert read_invoice is not None
    assert (read_invoice.number, read_invoice.issue_date, read_invoice.due_date) == (
        "F2026-0012",
        date(2026, 11, 3),
        date(2026, 12, 3),
    )
    assert (read_invoice.seller.siren, read_invoice.buyer.siren) == ("443061841", "732829320")
    assert read_invoice.totals.with_vat == Decimal("264.74")
    assert [note.subject for note in read_invoice.notes] == ["PMT", "PMD", "AAB"]
    assert [line.name for line in read_invoice.lines] == ["Pain de campagne", "Location de vitrine"]
