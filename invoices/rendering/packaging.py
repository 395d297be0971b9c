"""What is around the data in a PDF that came with them: whether it is Factur-X already, and what of it is kept."""

import io
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from invoices.formats.xml import clean

NAME: Final = "factur-x.xml"
LEVEL_NAMES: Final = {"basicwl": "BASIC WL", "en16931": "EN 16931"}
RELATIONS: Final = frozenset({"/Data", "/Source", "/Alternative"})
_XMP: Final = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
_PDFA: Final = "{http://www.aiim.org/pdfa/ns/id/}part"


def is_factur_x(data: bytes, document: bytes, *, level: str) -> bool:
    """`document` is attached under the norm's name, related to the PDF, and the PDF/A-3's XMP names it and `level`."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return not pdf.is_encrypted and _is_attached(pdf, document) and _is_named(pdf, level)


def _is_attached(pdf: pikepdf.Pdf, document: bytes) -> bool:
    spec = pdf.attachments.get(NAME)
    related = pdf.Root.get("/AF")
    if spec is None or not isinstance(related, pikepdf.Array):
        return False
    return (
        spec.obj.objgen in [one.objgen for one in list(related)]
        and str(spec.obj.get("/UF")) == NAME
        and str(spec.obj.get("/AFRelationship")) in RELATIONS
        and clean(spec.get_file().read_bytes()) == document
    )


def _is_named(pdf: pikepdf.Pdf, level: str) -> bool:
    with pdf.open_metadata() as metadata:
        return (
            str(metadata.get(_PDFA)) == "3"
            and str(metadata.get(f"{_XMP}DocumentFileName")) == NAME
            and str(metadata.get(f"{_XMP}ConformanceLevel")) == LEVEL_NAMES.get(level, level.upper())
        )


def archivable_pages(data: bytes) -> bytes | None:
    """The PDF without its attachments, or None where it does not say that its pages are those of a PDF/A."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_metadata() as metadata:
            if str(metadata.get(_PDFA)) not in {"1", "2", "3"}:
                return None
        for key in ("/AF", "/Names"):
            if key in pdf.Root:
                del pdf.Root[key]
        for page in pdf.pages:
            _detach(page.obj)
        pdf.remove_unreferenced_resources()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _detach(page: Any) -> None:
    if "/AF" in page:
        del page["/AF"]
    annotations = page.get("/Annots")
    if isinstance(annotations, pikepdf.Array):
        kept = [one for one in list(annotations) if str(one.get("/Subtype")) != "/FileAttachment"]
        page["/Annots"] = pikepdf.Array(kept)


def other_files(data: bytes, document: bytes) -> Iterator[tuple[str, bytes]]:
    """What else is attached to the PDF, by name."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for name, spec in pdf.attachments.items():
            content = spec.get_file().read_bytes()
            if clean(content) != document:
                yield name, content
