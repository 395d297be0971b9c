from collections.abc import Callable

import pytest

from invoices.checks.model import Check, check_from_json, check_to_json
from invoices.checks.run import run_checks
from invoices.formats import read
from invoices.formats.model import Invoice
from invoices.samples import CATALOGUE, Trade, as_cii_xml, as_facturx_pdf, as_ubl_xml, invented_lines
from tests.invoices import making

INVOICE = making.invoice()
CII = as_cii_xml(INVOICE)
UBL = as_ubl_xml(INVOICE)


def checks_of(data: bytes) -> dict[str, Check]:
    return {check.rule_set: check for check in run_checks(read(data))}


@pytest.mark.parametrize("trade", list(CATALOGUE))
@pytest.mark.parametrize(
    ("writer", "rule_sets"),
    [
        (as_cii_xml, ["schema", "en16931", "fr-ctc"]),
        (as_ubl_xml, ["schema", "en16931", "fr-ctc"]),
        (as_facturx_pdf, ["schema", "en16931", "factur-x", "fr-ctc"]),
    ],
)
def test_our_own_invoices_break_no_rule(trade: Trade, writer: Callable[[Invoice], bytes], rule_sets: list[str]) -> None:
    made = making.invoice(lines=invented_lines(7, trade=trade))
    checks = run_checks(read(writer(made)))

    assert [check.rule_set for check in checks] == rule_sets
    assert [(check.ran, check.findings) for check in checks] == [(True, ())] * len(rule_sets)


@pytest.mark.parametrize("writer", [as_cii_xml, as_ubl_xml, as_facturx_pdf])
def test_credit_note_breaks_no_rule(writer: Callable[[Invoice], bytes]) -> None:
    checks = run_checks(read(writer(making.credit_note())))

    assert [(check.ran, check.findings) for check in checks] == [(True, ())] * len(checks)


@pytest.mark.parametrize("data", [CII, UBL], ids=["cii", "ubl"])
def test_wrong_total_is_found_with_rule_term_and_line(data: bytes) -> None:
    wrong = data.replace(b">264.74<", b">264.75<", 1)
    broken = [finding for finding in checks_of(wrong)["en16931"].findings if finding.severity == "fatal"]

    assert {(finding.rule, finding.term) for finding in broken} >= {("BR-CO-15", "BT-112")}
    lines = data.splitlines()
    around = {
        number
        for number, line in enumerate(lines, start=1)
        if b"MonetarySummation>" in line or b"LegalMonetaryTotal>" in line or b"Invoice " in line
    }
    assert {finding.line for finding in broken if finding.rule == "BR-CO-15"} <= around


def test_missing_french_mention_is_found() -> None:
    without = UBL.replace(b"#PMT#", b"#AAI#")

    assert [(one.rule, one.severity, one.term) for one in checks_of(without)["fr-ctc"].findings] == [
        ("BR-FR-05_BT-22-1", "fatal", "BT-22")
    ]


def test_element_out_of_place_breaks_the_schema() -> None:
    wrong = CII.replace(b"<ram:TypeCode>380</ram:TypeCode>", b"<ram:Kind>380</ram:Kind>", 1)
    check = checks_of(wrong)["schema"]

    assert (check.ran, check.passed, check.findings[0].severity) == (True, False, "fatal")
    assert isinstance(check.findings[0].line, int)


def test_french_rules_do_not_apply_to_a_foreign_seller() -> None:
    foreign = UBL.replace(b">FR<", b">BE<").replace(b"FR64443061841", b"BE0123456749")
    check = checks_of(foreign.replace(b'"0002"', b'"0208"').replace(b'"0009"', b'"0088"'))["fr-ctc"]

    assert (check.ran, check.passed, check.version) == (False, False, "")
    assert check.reason == "Sans objet : le vendeur n’est pas établi en France."


def test_version_names_edition_and_file() -> None:
    versions = {name: check.version for name, check in checks_of(UBL).items()}

    assert versions["en16931"].startswith("1.3.16 du 2026-03-30 (sha256 ")
    assert all("sha256 " in version for version in versions.values())


def test_check_survives_json() -> None:
    check = checks_of(UBL.replace(b"#PMT#", b"#AAI#"))["fr-ctc"]

    assert check_from_json(check_to_json(check)) == check


def test_file_without_data_has_no_checks() -> None:
    assert run_checks(read(b"\xff\xd8\xff\xe0")) == []
