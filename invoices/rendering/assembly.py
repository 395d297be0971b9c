"""Putting the CII document into a readable PDF/A-3b: Factur-X, assembled by the factur-x package."""

import io
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import facturx
import pikepdf
from lxml import etree

from invoices.formats.xml import parse

LEVELS: Final = frozenset({"minimum", "basicwl", "basic", "en16931", "extended"})
RELATIONSHIP: Final = "alternative"
_XMP_DATE: Final = re.compile(rb"(<xmp:(?:CreateDate|ModifyDate|MetadataDate)>)[^<]*")


def assemble_facturx(
    pdf: bytes,
    cii_xml: bytes,
    *,
    level: str,
    title: str = "Facture",
    author: str = "",
    attached: Sequence[tuple[str, bytes]] = (),
    made_at: datetime | None = None,
) -> bytes:
    """`level` is a Factur-X profile; others (xrechnung, extended-ctc-fr) travel as the nearest one.

    The package stamps its output with the time of day: `made_at` replaces that everywhere, so that the same invoice
    gives the same bytes. Without it the first second of PDF's history stands in. `attached` are other files, by name.
    """
    when = (made_at or datetime(1993, 6, 15, tzinfo=UTC)).astimezone(UTC)
    attachments: dict[str, dict[str, Any]] = {
        name: {"filedata": content, "description": "Document d’origine", "modification_datetime": when}
        for name, content in attached
    }
    with tempfile.TemporaryDirectory(prefix="facturx-") as folder:
        # Two files: the package writes a shorter output over the beginning of a longer input.
        source, output = Path(folder) / "in.pdf", Path(folder) / "out.pdf"
        source.write_bytes(pdf)
        facturx.generate_from_file(
            str(source),
            as_utf8(cii_xml),
            flavor="factur-x",
            level=_level(level),
            check_xsd=False,
            check_schematron=False,
            pdf_metadata={"title": title, "author": author, "subject": title, "keywords": "Factur-X"},
            lang="fr-FR",
            output_pdf_file=str(output),
            attachments=attachments,
            afrelationship=RELATIONSHIP,
        )
        assembled = output.read_bytes()
    return _settle(assembled, when)


def _level(level: str) -> str:
    if level in LEVELS:
        return level
    return "extended" if level.startswith("extended") else "en16931"


def as_utf8(document: bytes) -> bytes:
    """The XML document as it is, unless it is not in UTF-8: what is attached should be."""
    root = parse(document)
    stated: Any = root.getroottree().docinfo
    if (stated.encoding or "UTF-8").upper() in {"UTF-8", "UTF8", "US-ASCII"}:
        return document
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _settle(data: bytes, when: datetime) -> bytes:
    """The same PDF with every « now » replaced."""
    # Not strftime, which writes the years before 1000 with fewer digits.
    iso = when.isoformat(timespec="seconds")
    stamp = f"D:{re.sub(r'[^0-9]', '', iso)[:14]}Z"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for key in ("/CreationDate", "/ModDate"):
            pdf.docinfo[key] = pikepdf.String(stamp)
        for spec in pdf.Root.AF:
            spec.EF.F.Params.ModDate = pikepdf.String(stamp)
        metadata = bytes(pdf.Root.Metadata.read_bytes())
        pdf.Root.Metadata.write(_XMP_DATE.sub(rb"\g<1>" + iso.encode(), metadata))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return out.getvalue()
