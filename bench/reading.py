"""
Reading a Factur-X: ours, with the child that keeps strangers' files away; a peer; and about the least that it can take.

The peer is the factur-x package, whole: get_xml_from_pdf, which checks the schema (compiled anew for each file), and
parse_ubl_cii_xml, which gives the fields and the lines as a dictionary; the schema is not checked a second time. A line
tells what its extraction costs alone, with libxml2's tree in the place of fields. The limit is what one would write for
each file: pikepdf, a cached schema, compiled XPath for each field of the heading and of each line, nothing guarded.

Every way is given what the product has: a stored file.
"""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import facturx
import pikepdf
from facturx.parse_xml import parse_ubl_cii_xml
from lxml import etree

from bench.timing import Figure, compare, print_table
from common.identifiers import vat_of_siren
from invoices.checks import schema
from invoices.checks.files import rule_file
from invoices.checks.rulesets import FACTURX_SCHEMAS
from invoices.formats import read
from invoices.formats.xml import NAMESPACES, parse
from invoices.opening import open_invoice
from invoices.samples import as_facturx_pdf, french_party, invented_lines, sample_invoice

ROUNDS = 60
FOLDER: Final = Path(os.environ.get("CORPUS_DIR") or Path(__file__).parents[2] / "shared" / "corpora") / "facturx"
_LINE: Final = "//ram:IncludedSupplyChainTradeLineItem"


def show() -> None:
    """Of real files where a folder of them is at hand (CORPUS_DIR), else of one that is made."""
    for title, files in (("a generated file", [_sample()]), ("files of the corpus", _corpus())):
        if files:
            print_table(
                f"Reading a Factur-X: {title} (× {len(files)}; extract, schema, all fields and lines)", _of(files)
            )


def _of(files: list[Path]) -> list[Figure]:
    limits = [(_limit(pdf), pdf) for pdf in files]
    return compare(
        {
            "limit: pikepdf + cached schema + compiled XPath": lambda: [limit(pdf) for limit, pdf in limits],
            "ours, in the process": lambda: [_with_schema(read(pdf.read_bytes()).xml) for pdf in files],
            "ours, handed to the watched child": lambda: [_with_schema(_opened(pdf)) for pdf in files],
            "peer: facturx get_xml_from_pdf + parse_ubl_cii_xml": lambda: [_peer(pdf) for pdf in files],
            "of it, get_xml_from_pdf + etree": lambda: [etree.fromstring(_extracted(pdf)) for pdf in files],
        },
        rounds=ROUNDS,
    )


def _opened(pdf: Path) -> bytes | None:
    return open_invoice(pdf, check=False).xml


def _with_schema(document: bytes | None) -> object:
    """The product has the schema checked beside the other rules: it counts here all the same."""
    return schema.validate(FACTURX_SCHEMAS["en16931"], parse(document or b""))


def _peer(pdf: Path) -> object:
    return parse_ubl_cii_xml(_extracted(pdf), check_xsd=False)


def _extracted(pdf: Path) -> bytes:
    document: bytes = facturx.get_xml_from_pdf(pdf.read_bytes())[1]
    return document


def _corpus() -> list[Path]:
    """Those that the peer and the limit can read too."""
    found = []
    for path in sorted(FOLDER.glob("*.pdf")):
        with suppress(Exception):
            _peer(path)
            _xml_of(path)
            found.append(path)
    return found


def _limit(pdf: Path) -> Callable[[Path], object]:
    document = _xml_of(pdf)
    compiled = etree.XMLSchema(etree.parse(str(rule_file(FACTURX_SCHEMAS["en16931"]).path)))
    tree = etree.ElementTree(document)
    heading = [_compiled(path) for path in {tree.getpath(leaf) for leaf in _leaves(document) if not _in_line(leaf)}]
    within = [_compiled(f".//{name}") for name in {_named(leaf) for leaf in _leaves(document) if _in_line(leaf)}]
    lines = _compiled(_LINE)

    def run(path: Path) -> object:
        root = _xml_of(path)
        compiled.validate(root)
        return [one(root) for one in heading], [[one(line) for one in within] for line in lines(root)]

    return run


def _xml_of(pdf: Path) -> Any:
    with pikepdf.open(pdf) as opened:
        attached = next(spec for name, spec in opened.attachments.items() if name.lower().endswith(".xml"))
        return etree.fromstring(attached.get_file().read_bytes())


def _compiled(path: str) -> Any:
    return etree.XPath(path, namespaces=NAMESPACES)


def _leaves(root: Any) -> list[Any]:
    return [element for element in root.iter(etree.Element) if not len(element)]


def _in_line(element: Any) -> bool:
    return any("IncludedSupplyChainTradeLineItem" in str(one.tag) for one in element.iterancestors())


def _named(element: Any) -> str:
    return f"{element.prefix}:{etree.QName(element).localname}"


def _sample() -> Path:
    seller, buyer = "552100554", "732829320"
    made = as_facturx_pdf(
        sample_invoice(
            seller=french_party(name="Vendeur SARL", siren=seller, vat=vat_of_siren(seller)),
            buyer=french_party(name="Acheteur SAS", siren=buyer, vat=vat_of_siren(buyer)),
            number="F-2026-001",
            issue_date=date(2026, 11, 2),
            lines=invented_lines(1, count=4),
        )
    )
    path = Path(tempfile.mkdtemp(prefix="bench-")) / "sample.pdf"
    path.write_bytes(made)
    return path
