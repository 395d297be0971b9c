from pathlib import Path

from invoices.checks.testsets import run_file

UBL = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
SET = """<testSet xmlns="http://difi.no/xsd/vefa/validator/1.0" configuration="tc434-ubl">
<assert><scope>BR-01</scope></assert>
<test><assert><description>present</description><!-- so --><success>BR-01</success></assert>
<!-- a fragment --><Invoice {invoice}><cbc:CustomizationID>1</cbc:CustomizationID></Invoice></test>
<test><assert><error>BR-01</error>{more}</assert><CreditNote {credit_note}/></test>
</testSet>"""


def write(folder: Path, *, more: str = "") -> Path:
    file = folder / "BR-01.xml"
    names = {"invoice": UBL.format(kind="Invoice"), "credit_note": UBL.format(kind="CreditNote")}
    file.write_text(SET.format(more=more, **names), encoding="utf-8")
    return file


def test_verdicts_that_agree_make_no_mismatch(tmp_path: Path) -> None:
    assert run_file(write(tmp_path)) == {"sets": 1, "tests": 2, "asserts": 2, "mismatches": []}


def test_verdict_that_differs_is_named(tmp_path: Path) -> None:
    outcome = run_file(write(tmp_path, more="<success>BR-02</success><warning>BR-03</warning>"))

    assert outcome["asserts"] == 4
    assert outcome["mismatches"] == [
        {"file": "BR-01.xml", "test": 2, "rule": "BR-02", "expected": "success", "found": "fatal"},
        {"file": "BR-01.xml", "test": 2, "rule": "BR-03", "expected": "warning", "found": "fatal"},
    ]


def test_other_xml_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "other.xml"
    file.write_text("<anything/>", encoding="utf-8")

    assert run_file(file) == {"sets": 0, "tests": 0, "asserts": 0, "mismatches": []}
