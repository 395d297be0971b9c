"""Running published unit tests of EN 16931 rules (CEN's `testSet/test/assert` files) against our rule sets.

A test holds a fragment of a document and says which rules it must break (`error`, `fatal`, `warning`) and which not
(`success`). Fragments are no whole invoices: only the EN 16931 rules are run on them.
"""

from pathlib import Path
from typing import Any, Final

from lxml import etree

from invoices.checks.model import Finding
from invoices.checks.run import breaches_of
from invoices.formats import xml

NAMESPACE: Final = "{http://difi.no/xsd/vefa/validator/1.0}"
SEVERITIES: Final = {"error": "fatal", "fatal": "fatal", "warning": "warning", "info": "information"}

Outcome = dict[str, Any]


def run_file(path: Path) -> Outcome:
    """{"sets", "tests", "asserts", "mismatches": [{"file", "test", "rule", "expected", "found"}]}; sets is 0 or 1."""
    root = xml.parse(path.read_bytes())
    outcome: Outcome = {"sets": 0, "tests": 0, "asserts": 0, "mismatches": []}
    if root.tag != f"{NAMESPACE}testSet":
        return outcome
    outcome["sets"] = 1
    for number, test in enumerate(root.findall(f"{NAMESPACE}test"), start=1):
        outcome["tests"] += 1
        findings = _findings(test)
        for expected in _expectations(test):
            outcome["asserts"] += 1
            found = _found(expected[1], findings)
            if not _agrees(expected, found):
                outcome["mismatches"].append(
                    {
                        "file": path.name,
                        "test": number,
                        "rule": expected[1],
                        "expected": expected[0],
                        "found": found[0] if found else "success",
                    }
                )
    return outcome


_Expectation = tuple[str, str, int | None]


def _expectations(test: etree._Element) -> list[_Expectation]:
    """(success or severity, rule, how often where the test says so)."""
    stated = (node for holder in test.findall(f"{NAMESPACE}assert") for node in holder.iterchildren("*"))
    return [
        (SEVERITIES.get(name, name), (node.text or "").strip(), _count(node))
        for node in stated
        if (name := etree.QName(node).localname) in {"success", *SEVERITIES}
    ]


def _count(node: etree._Element) -> int | None:
    stated = node.get("number") or ""
    return int(stated) if stated.isdigit() else None


def _findings(test: etree._Element) -> list[Finding]:
    document = next((node for node in test.iterchildren("*") if node.tag != f"{NAMESPACE}assert"), None)
    # Taken out of its test: rules look at the root.
    return breaches_of(etree.fromstring(etree.tostring(document))) if document is not None else []


def _found(rule: str, findings: list[Finding]) -> list[str]:
    return [finding.severity for finding in findings if finding.rule == rule]


def _agrees(expected: _Expectation, found: list[str]) -> bool:
    verdict, _, count = expected
    if verdict == "success":
        return not found
    return verdict in found and (count is None or len(found) == count)
