"""Reading an invoice from the bytes of any file: `read` is the one way in.

The code below parses what strangers wrote: the product calls it through `invoices.opening`, inside a watched child.
"""

from dataclasses import dataclass

from invoices.formats import facturx, xml
from invoices.formats.cii.read import read_cii
from invoices.formats.cii.zugferd1 import as_cii
from invoices.formats.detect import Container, Kind, detect
from invoices.formats.errors import InvoiceRefused
from invoices.formats.model import Invoice
from invoices.formats.profiles import profile_of
from invoices.formats.ubl.read import read_ubl

__all__ = ["Container", "InvoiceRefused", "ReadResult", "read"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadResult:
    """`invoice` and `xml` are None together, with a French `reason`, where the file holds no structured invoice."""

    container: Container
    profile: str | None = None
    invoice: Invoice | None = None
    xml: bytes | None = None
    reason: str | None = None


def read(data: bytes) -> ReadResult:
    """Raises InvoiceRefused where the file is damaged, protected or hostile."""
    kind = detect(data)
    if kind == "pdf":
        return _read_pdf(data)
    if kind == "image":
        return ReadResult(container="image", reason="Cette image ne contient pas de données de facture.")
    if kind == "other":
        return ReadResult(container="other", reason=_other_reason(data))
    return _read_xml(kind, data, "cii" if kind == "zugferd1" else kind)


def _read_pdf(data: bytes) -> ReadResult:
    embedded = facturx.find_invoice(data)
    if embedded is None:
        return ReadResult(container="pdf", reason="Ce PDF ne contient pas de données de facture.")
    if embedded.kind == "ubl":
        return _read_xml("ubl", embedded.data, "pdf")
    result = _read_xml(embedded.kind, embedded.data, "facturx")
    if not _is_zugferd(embedded, result.invoice):
        return result
    return ReadResult(container="zugferd", profile=result.profile, invoice=result.invoice, xml=result.xml)


def _is_zugferd(embedded: facturx.EmbeddedInvoice, invoice: Invoice | None) -> bool:
    """Factur-X 1 and ZUGFeRD 2 are one format; the attachment's name or BT-24 tells which name a file goes by."""
    stated = (invoice.specification or "") if invoice else ""
    return embedded.kind == "zugferd1" or "zugferd" in stated or embedded.name.lower().startswith("zugferd")


def _read_xml(kind: Kind, data: bytes, container: Container) -> ReadResult:
    root = xml.parse(data)
    node = xml.Node(as_cii(root) if kind == "zugferd1" else root)
    invoice = read_ubl(node) if kind == "ubl" else read_cii(node)
    return ReadResult(
        container=container,
        profile=profile_of(invoice.specification, kind),
        invoice=invoice,
        xml=xml.clean(data),
    )


def _other_reason(data: bytes) -> str:
    if not data.strip():
        raise InvoiceRefused("Ce fichier est vide.", "empty")
    if xml.looks_like_xml(data):
        xml.parse(data)
        return "Ce fichier XML n’est pas une facture UBL ou CII."
    return "Ce type de fichier n’est pas pris en charge : déposez un PDF, un Factur-X, un UBL, un CII ou une image."
