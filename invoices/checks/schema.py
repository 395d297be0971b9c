"""XML Schema validation, each schema compiled once per process."""

import re
from functools import cache
from typing import Any, Final

from lxml import etree

from invoices.checks.files import rule_file
from invoices.checks.model import Finding

MAX_FINDINGS: Final = 100
_NAMESPACE: Final = re.compile(r"\{[^}]*\}")


def validate(name: str, root: etree._Element) -> list[Finding]:
    schema = _schema(name)
    if schema.validate(root):
        return []
    log: Any = schema.error_log
    return [
        Finding(
            rule=entry.type_name.removeprefix("SCHEMAV_"),
            severity="fatal",
            message=_NAMESPACE.sub("", entry.message),
            line=entry.line or None,
        )
        for entry in list(log)[:MAX_FINDINGS]
    ]


@cache
def _schema(name: str) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(str(rule_file(name).path), parser))
