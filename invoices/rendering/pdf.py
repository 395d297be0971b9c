"""A readable PDF/A-3b of an invoice's data, with the data inside: what leaves jefacture where no PDF came in.

The same invoice always gives the same bytes: dates inside the PDF are those of the invoice.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from common.typesetting.glyphs import SUBSTITUTE, drawable
from common.typesetting.page import compile_pdf
from invoices.formats.model import Invoice
from invoices.rendering.assembly import as_utf8, assemble_facturx
from invoices.rendering.view import page, title

TEMPLATE: Final = Path(__file__).with_name("invoice.typ")
# Where an invoice has no readable date; the epoch of PDF itself.
NO_DATE: Final = date(1993, 6, 15)
_REPLACED: Final = f" Un caractère que cette page ne peut pas montrer y est remplacé par {SUBSTITUTE}."


def render_pdf(invoice: Invoice, *, source: str) -> bytes:
    """The page alone. `source` says what the data came in: a key of view.SOURCES."""
    return _compile(page(invoice, source=source), invoice)


def render_facturx(
    invoice: Invoice,
    cii_xml: bytes,
    *,
    level: str,
    source: str,
    attached: Sequence[tuple[str, bytes]] = (),
    pages: bytes | None = None,
) -> bytes:
    """A Factur-X of that level around `cii_xml`, with `attached` (name, bytes) beside it: a UBL, say.

    Its pages are `pages`, a PDF that is fit for a PDF/A-3, or else made of the invoice's data.
    """
    return assemble_facturx(
        pages or render_pdf(invoice, source=source),
        cii_xml,
        level=level,
        title=f"{title(invoice)} {invoice.number}",
        author=invoice.seller.name or "",
        attached=attached,
        made_at=_made_at(invoice),
    )


def render_with_source(invoice: Invoice, document: bytes, *, name: str, source: str) -> bytes:
    """The page with the XML document that its data came from attached, under that file name."""
    attached = {"name": name, "description": "Document d’origine"}
    return _compile({**page(invoice, source=source), "attached": attached}, invoice, attached=document)


def _compile(data: dict[str, Any], invoice: Invoice, *, attached: bytes | None = None) -> bytes:
    texts, replaced = drawable(json.dumps(data, ensure_ascii=False))
    if replaced:
        texts, _ = drawable(json.dumps({**data, "origin": data["origin"] + _REPLACED}, ensure_ascii=False))
    inputs = {"data": texts}
    if attached is not None:
        inputs["attached"] = as_utf8(attached).decode("utf-8")
    return compile_pdf(TEMPLATE, inputs, made_at=_made_at(invoice))


def _made_at(invoice: Invoice) -> datetime:
    return datetime.combine(invoice.issue_date or NO_DATE, time(12), UTC)
