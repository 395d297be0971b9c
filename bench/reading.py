"""Reading one Factur-X: ours, with the child that keeps strangers' files away, and the factur-x package as the peer."""

from datetime import date

import facturx
from lxml import etree

from bench.timing import compare, print_table
from common.identifiers import vat_of_siren
from invoices.formats import read
from invoices.opening import open_invoice
from invoices.samples import as_facturx_pdf, french_party, invented_lines, sample_invoice

ROUNDS = 200
TITLE = "Reading a Factur-X (extract, parse, all fields and lines); the peer extracts and validates, reads no field"


def show() -> None:
    pdf = _sample()
    figures = compare(
        {
            "ours, in the process": lambda: read(pdf),
            "ours, handed to the watched child": lambda: open_invoice(pdf, check=False),
            "peer: facturx.get_xml_from_pdf + etree": lambda: etree.fromstring(facturx.get_xml_from_pdf(pdf)[1]),
        },
        rounds=ROUNDS,
    )
    print_table(TITLE, figures)


def _sample() -> bytes:
    seller, buyer = "552100554", "732829320"
    return as_facturx_pdf(
        sample_invoice(
            seller=french_party(name="Vendeur SARL", siren=seller, vat=vat_of_siren(seller)),
            buyer=french_party(name="Acheteur SAS", siren=buyer, vat=vat_of_siren(buyer)),
            number="F-2026-001",
            issue_date=date(2026, 11, 2),
            lines=invented_lines(1, count=4),
        )
    )
