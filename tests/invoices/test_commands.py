"""The commands as support runs them: no setting, database or Redis; one JSON document on standard output."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from invoices.samples import as_facturx_pdf, as_ubl_xml
from tests.invoices import making

ROOT = Path(__file__).parents[2]
INVOICE = making.invoice()


def manage(*arguments: str) -> tuple[int, dict[str, Any]]:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        capture_output=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
        timeout=120,
    )
    return ran.returncode, json.loads(ran.stdout)


def test_inspect_invoice_prints_what_the_file_says(tmp_path: Path) -> None:
    file = tmp_path / "facture.pdf"
    file.write_bytes(as_facturx_pdf(INVOICE))
    code, answer = manage("inspect_invoice", str(file))

    assert code == 0
    assert answer == {
        "ok": True,
        "reason": None,
        "container": "facturx",
        "profile": "en16931",
        "type_code": "380",
        "number": "F2026-0012",
        "issue_date": "2026-11-03",
        "due_date": "2026-12-03",
        "currency": "EUR",
        "seller": {
            "name": "Boulangerie Martin",
            "siren": "443061841",
            "siret": "44306184100047",
            "vat": "FR64443061841",
        },
        "buyer": {
            "name": "Cabinet Durand & Associés",
            "siren": "732829320",
            "siret": "73282932000074",
            "vat": "FR44732829320",
        },
        "total_without_vat": "226.20",
        "total_vat": "38.54",
        "total_with_vat": "264.74",
        "amount_due": "264.74",
        "lines": 2,
        "checks": [],
    }


def test_inspect_invoice_checks_when_asked(tmp_path: Path) -> None:
    file = tmp_path / "facture.xml"
    file.write_bytes(as_ubl_xml(INVOICE).replace(b">264.74<", b">264.75<", 1))
    code, answer = manage("inspect_invoice", str(file), "--check")

    assert code == 0
    assert [(check["rule_set"], check["ran"]) for check in answer["checks"]] == [
        ("schema", True),
        ("en16931", True),
        ("fr-ctc", True),
    ]
    finding = answer["checks"][1]["findings"][0]
    assert set(finding) == {"rule", "severity", "term", "line", "message"}
    assert finding["rule"].startswith("BR-CO-")


@pytest.mark.parametrize(
    ("data", "container"),
    [(b"%PDF-1.7\n", "pdf"), (as_ubl_xml(INVOICE)[:-40], "ubl"), (b"?", "other"), (None, "other")],
)
def test_inspect_invoice_refuses_with_a_reason(tmp_path: Path, data: bytes | None, container: str) -> None:
    file = tmp_path / "fichier"
    if data is not None:
        file.write_bytes(data)
    code, answer = manage("inspect_invoice", str(file))

    assert (code, answer["ok"], answer["container"], answer["number"]) == (1, False, container, None)
    assert answer["reason"].endswith(".")


def test_check_testset_runs_a_folder(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    head = '<testSet xmlns="http://difi.no/xsd/vefa/validator/1.0"><test><assert>'
    tail = '</assert><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/></test></testSet>'
    (tmp_path / "a.xml").write_text(f"{head}<error>BR-01</error>{tail}", encoding="utf-8")
    (tmp_path / "inner" / "b.xml").write_text(f"{head}<success>BR-01</success>{tail}", encoding="utf-8")
    (tmp_path / "readme.txt").write_text("not a set", encoding="utf-8")
    code, answer = manage("check_testset", str(tmp_path))

    assert code == 1
    assert (answer["sets"], answer["tests"], answer["asserts"]) == (2, 2, 2)
    assert answer["mismatches"] == [
        {
            "file": str(tmp_path / "inner" / "b.xml"),
            "test": 1,
            "rule": "BR-01",
            "expected": "success",
            "found": "fatal",
        }
    ]
