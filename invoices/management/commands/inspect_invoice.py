"""What jefacture reads in a file: one JSON document on standard output, and nothing else there."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from invoices.checks.model import Check, check_to_json
from invoices.formats import InvoiceRefused
from invoices.formats.detect import detect
from invoices.opening import OpenedInvoice, Quarantined, open_invoice

Json = dict[str, Any]

TERMS = ("type_code", "number", "issue_date", "due_date", "currency")
TOTALS = {
    "total_without_vat": "without_vat",
    "total_vat": "vat",
    "total_with_vat": "with_vat",
    "amount_due": "amount_due",
}
PARTY = ("name", "siren", "siret", "vat")

FINDING = ("rule", "severity", "term", "line", "message")


class Command(BaseCommand):
    help = "Prints what an invoice file says, as JSON. Exit code 0 when it was read, 1 when it was refused."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="also check it against schema, norm and French rules")

    def handle(self, *, file: Path, check: bool, **_options: Any) -> None:
        answer = inspect(file, check=check)
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        if not answer["ok"]:
            sys.exit(1)


def inspect(file: Path, *, check: bool) -> Json:
    try:
        data = file.read_bytes()
    except OSError:
        return _refused("Ce fichier est introuvable ou illisible.", container="other")
    try:
        opened = open_invoice(data, check=check)
    except (InvoiceRefused, Quarantined) as error:
        kind = detect(data)
        return _refused(error.reason, container="cii" if kind == "zugferd1" else kind)
    return _read(opened)


def _refused(reason: str, *, container: str) -> Json:
    return _document(ok=False, reason=reason, container=container, profile=None, data={}, checks=[])


def _read(opened: OpenedInvoice) -> Json:
    return _document(
        ok=opened.data is not None,
        reason=opened.reason,
        container=opened.container,
        profile=opened.profile,
        data=opened.data or {},
        checks=[_check(check) for check in opened.checks],
    )


def _document(
    *, ok: bool, reason: str | None, container: str, profile: str | None, data: Json, checks: list[Json]
) -> Json:
    totals = data.get("totals", {})
    return {
        "ok": ok,
        "reason": reason,
        "container": container,
        "profile": profile,
        **{term: data.get(term) or None for term in TERMS},
        **{role: {name: data.get(role, {}).get(name) for name in PARTY} for role in ("seller", "buyer")},
        **{name: totals.get(term) for name, term in TOTALS.items()},
        "lines": len(data.get("lines", [])),
        "checks": checks,
    }


def _check(check: Check) -> Json:
    """With of each finding what this command has always said, for those who read it by program."""
    answer = check_to_json(check)
    answer["findings"] = [{name: finding[name] for name in FINDING} for finding in answer["findings"]]
    return answer
