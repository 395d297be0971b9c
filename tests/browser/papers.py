"""Invoices that a company deposits, made by the product's own samples."""

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Page

from common.identifiers import vat_of_siren
from invoices.formats.model import Invoice, Party
from invoices.samples import as_cii_xml, as_facturx_pdf, as_ubl_xml, french_party, invented_lines, sample_invoice

_MAKERS = {"facturx": (as_facturx_pdf, "pdf"), "ubl": (as_ubl_xml, "xml"), "cii": (as_cii_xml, "xml")}
_TYPES = {"pdf": "application/pdf", "xml": "application/xml"}

# Drops the files on the zone as a hand would: the browser's own events, with files in their DataTransfer.
_DROP = """(zone, files) => {
  const carried = new DataTransfer();
  for (const { name, type, bytes } of files) carried.items.add(new File([new Uint8Array(bytes)], name, { type }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
  }
}"""


@dataclass(frozen=True)
class Paper:
    name: str
    content: bytes
    invoice: Invoice

    @property
    def media_type(self) -> str:
        return _TYPES[self.name.rpartition(".")[2]]


def paper(kind: str, number: str, *, seller: str, buyer: str) -> Paper:
    """One invoice in one of the three containers; seller and buyer are SIRENs."""
    lines = invented_lines(len(number), trade="supplies", count=3)
    invoice = sample_invoice(
        seller=_party(seller), buyer=_party(buyer), number=number, issue_date=date(2026, 10, 15), lines=lines
    )
    make, suffix = _MAKERS[kind]
    return Paper(f"{number}.{suffix}", make(invoice), invoice)


def _party(siren: str) -> Party:
    return french_party(name=f"Société {siren}", siren=siren, vat=vat_of_siren(siren))


def drop(page: Page, *papers: Paper) -> None:
    files = [{"name": one.name, "type": one.media_type, "bytes": list(one.content)} for one in papers]
    page.locator("[data-drop]").evaluate(_DROP, files)
