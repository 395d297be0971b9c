"""XML Schema validation, each schema compiled once per process."""

import re
from functools import cache
from typing import Any, Final

from lxml import etree

from invoices.checks.files import rule_file
from invoices.checks.french import schema_sentence
from invoices.checks.model import Finding
from invoices.checks.places import Place, place_of

MAX_FINDINGS: Final = 100
_NAMESPACE: Final = re.compile(r"\{[^}]*\}")


def validate(name: str, root: etree._Element) -> list[Finding]:
    schema = _schema(name)
    if schema.validate(root):
        return []
    log: Any = schema.error_log
    return [_finding(entry, root) for entry in list(log)[:MAX_FINDINGS]]


def _finding(entry: Any, root: etree._Element) -> Finding:
    text = _NAMESPACE.sub("", entry.message)
    place = _place(entry, root)
    return Finding(
        rule=entry.type_name.removeprefix("SCHEMAV_"),
        severity="fatal",
        message=schema_sentence(text),
        text=text,
        line=entry.line or place.line,
        invoice_line=place.invoice_line,
        position=place.position,
    )


def _place(entry: Any, root: etree._Element) -> Place:
    spaces = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found: Any = root.xpath(entry.path, namespaces=spaces) if entry.path else []
    except etree.XPathError:
        found = []
    return place_of(found[0]) if found else Place()


@cache
def _schema(name: str) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(rule_file(name).path), parser))
