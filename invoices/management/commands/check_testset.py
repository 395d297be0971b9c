"""Runs published unit tests of EN 16931 rules: one JSON document on standard output, and nothing else there."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from common.isolation import IsolationError, run_isolated
from invoices.opening import CHECK_LIMITS

COUNTS = ("sets", "tests", "asserts")


class Command(BaseCommand):
    help = "Runs the testSet files of a folder and prints where our verdicts differ. Exit code 1 on a mismatch."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **_options: Any) -> None:
        answer = run(folder)
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        if answer["mismatches"]:
            sys.exit(1)


def run(folder: Path) -> dict[str, Any]:
    total: dict[str, Any] = {**dict.fromkeys(COUNTS, 0), "mismatches": []}
    for file in sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".xml"):
        outcome = _run_file(file)
        for count in COUNTS:
            total[count] += outcome[count]
        total["mismatches"] += [{**mismatch, "file": str(file)} for mismatch in outcome["mismatches"]]
    return total


def _run_file(file: Path) -> dict[str, Any]:
    try:
        outcome: dict[str, Any] = run_isolated("invoices.checks.testsets:run_file", file, limits=CHECK_LIMITS)
    except IsolationError as error:
        mismatch = {"test": None, "rule": None, "expected": "a verdict", "found": str(error)}
        return {**dict.fromkeys(COUNTS, 0), "mismatches": [mismatch]}
    return outcome
