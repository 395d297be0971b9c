"""A PDF whose page and data differ is flagged with both values; a page that agrees, or says nothing, never is."""

from pathlib import Path

import pytest
from django.test import Client as Browser

from invoices.formats import read
from invoices.formats.cii.write import write_cii
from invoices.formats.disagreements import disagreements
from invoices.formats.model import Invoice
from invoices.formats.pdf_text import read_text
from invoices.rendering.assembly import assemble_facturx
from invoices.rendering.pdf import render_pdf
from tests.factories import siren
from tests.invoices import making
from tests.invoices.conftest import SUPPLIER, Space, deposit, typed
from tests.invoices.corpus import every

OURS = making.invoice()


def _page_and_data(page: Invoice, data: Invoice) -> bytes:
    return assemble_facturx(render_pdf(page, source="cii"), write_cii(data), level="en16931")


@every("facturx", "facturx-bad")
def test_good_file_gets_no_flag(file: Path) -> None:
    data = file.read_bytes()
    invoice = read(data).invoice
    assert invoice is not None
    assert disagreements(read_text(data), invoice) == []


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("Facture n° F2026-0012\nTotal TTC 264,74 €\nSIRET 443 061 841 00047", []),
        ("FACTURE N° F 2026/0012\nTotal T.T.C. : 264.74\nRCS Lyon 443.061.841", []),
        ("Total HT 226,20\nTotal TTC 264,74\nNet à payer 100,00", []),
        ("Facture n° F2026-0013", [("number", "F2026-0012", "F2026-0013")]),
        ("Facture du 03/11/2026\nTotal TTC 1 264,74 €", [("total", "264.74", "1264.74")]),
        ("SIRET : 732 829 320 00074\nSIREN 552 100 554", [("siren", "443061841", "552100554")]),
        ("SIREN 552 100 553", []),
        ("Banque Exemple, 552 100 554", []),
        ("Merci de votre confiance. 12,00 €", []),
        ("", []),
    ],
)
def test_flag_needs_another_value_that_the_page_names(text: str, flagged: list[tuple[str, str, str]]) -> None:
    assert [(one["term"], one["data"], one["page"]) for one in disagreements(text, OURS)] == flagged


def test_flag_is_kept_and_shown_with_both_values(space: Space, owner: Browser) -> None:
    data = typed(seller=SUPPLIER, buyer=space.company.siren, number="F-2026-001")
    page = typed(seller=siren(77), buyer=space.company.siren, number="F-2026-002")
    invoice = deposit(space, _page_and_data(page, data)).invoice

    assert invoice is not None
    assert [(one["term"], one["data"], one["page"]) for one in invoice.disagreements] == [
        ("number", "F-2026-001", "F-2026-002"),
        ("siren", SUPPLIER, siren(77)),
    ]
    assert invoice.differs
    shown = owner.get(f"/entreprises/{space.company.siren}/factures/{invoice.pk}/").content.decode()
    assert "Le PDF et les données de cette facture ne disent pas la même chose." in shown


def test_page_of_the_same_data_gets_no_flag(space: Space) -> None:
    same = typed(seller=SUPPLIER, buyer=space.company.siren)
    invoice = deposit(space, _page_and_data(same, same)).invoice

    assert invoice is not None
    assert (invoice.disagreements, invoice.differs) == ([], False)
