"""The PDF that an invoice leaves as: one that came as bare XML gets a readable page with its data inside.

Made in a watched child, as reading is: the page holds what a stranger wrote, in any quantity.
"""

import base64
import json
from pathlib import Path
from typing import Any, Final

import structlog

from common.isolation import IsolationError, Limits
from common.typesetting import made_in_child
from invoices.opening import OpenedInvoice

logger = structlog.get_logger(__name__)

RENDER_LIMITS: Final = Limits(memory_bytes=1 << 30, wall_seconds=60, cpu_seconds=60)
ORIGINAL_NAMES: Final = {"cii": "cii-d-origine.xml", "ubl": "facture-ubl.xml", "zugferd1": "zugferd-1.xml"}
ORIGINAL_PDF: Final = "pdf-d-origine.pdf"


def outgoing_pdf(opened: OpenedInvoice, *, limits: Limits | None = None) -> bytes:
    """A Factur-X PDF/A-3b for an invoice that came as CII or UBL (see `outgoing_of_pdf` for what came as a PDF).

    What came is attached to its Factur-X where that carries something else; data that fit no schema of Factur-X give
    a readable PDF with what came attached instead. The same invoice gives the same bytes. Raises ValueError where there
    are no data, and common.isolation.IsolationError where rendering had to be stopped.
    """
    if opened.data is None or opened.xml is None:
        raise ValueError("an invoice without data has no page")
    request = {
        "invoice": opened.data,
        "xml": base64.b64encode(opened.xml).decode("ascii"),
        "profile": opened.profile,
    }
    return made_in_child(
        "invoices.rendering.deliverable:render_file", json.dumps(request).encode(), limits=limits or RENDER_LIMITS
    )


def render_file(path: Path, *, output: str) -> None:
    """In the child: writes the PDF for a request of `outgoing_pdf`."""
    request = json.loads(path.read_bytes())
    Path(output).write_bytes(_render(request))


def _render(request: dict[str, Any]) -> bytes:
    from invoices.formats import codec  # noqa: PLC0415 - parsers and typst are loaded in the child only
    from invoices.formats.detect import detect  # noqa: PLC0415 - in the child only
    from invoices.rendering import pdf  # noqa: PLC0415 - in the child only
    from invoices.rendering.carrying import carried  # noqa: PLC0415 - in the child only

    invoice, document = codec.from_json(request["invoice"]), base64.b64decode(request["xml"])
    kind = detect(document)
    inside = carried(invoice, document, kind=kind, profile=request["profile"])
    if inside is None:
        return pdf.render_with_source(invoice, document, name=ORIGINAL_NAMES[kind], source=kind)
    attached = [] if inside.document == document else [(ORIGINAL_NAMES[kind], document)]
    return pdf.render_facturx(invoice, inside.document, level=inside.level, source=kind, attached=attached)


def outgoing_of_pdf(payload: Path | bytes, *, limits: Limits | None = None) -> bytes | None:
    """The Factur-X that a PDF with data leaves as; None where it is one already, or where no Factur-X can be made.

    Its pages stay where it says that they are a PDF/A's; otherwise pages are made of the data and the PDF is attached.
    """
    try:
        made = made_in_child("invoices.rendering.deliverable:mend_file", payload, limits=limits or RENDER_LIMITS)
    except IsolationError as error:
        logger.warning("invoice.left_as_it_came", error=f"{type(error).__name__}: {error}")
        return None
    return made or None


def mend_file(path: Path, *, output: str) -> None:
    """In the child: writes the PDF of `outgoing_of_pdf`, or nothing."""
    Path(output).write_bytes(_mend(path.read_bytes()) or b"")


def _mend(data: bytes) -> bytes | None:
    from invoices import formats  # noqa: PLC0415 - in the child only
    from invoices.formats.detect import detect  # noqa: PLC0415 - in the child only
    from invoices.rendering import packaging, pdf  # noqa: PLC0415 - in the child only
    from invoices.rendering.carrying import carried, level_of  # noqa: PLC0415 - in the child only

    result = formats.read(data)
    invoice, document = result.invoice, result.xml
    if invoice is None or document is None:
        return None
    kind = detect(document)
    if kind == "cii" and packaging.is_factur_x(data, document, level=level_of(result.profile)):
        return None
    inside = carried(invoice, document, kind=kind, profile=result.profile)
    if inside is None:
        return None
    pages = packaging.archivable_pages(data)
    attached = [(ORIGINAL_PDF, data)] if pages is None else list(packaging.other_files(data, document))
    if pages is not None and inside.document != document:
        attached.append((ORIGINAL_NAMES[kind], document))
    return pdf.render_facturx(invoice, inside.document, level=inside.level, source=kind, attached=attached, pages=pages)
