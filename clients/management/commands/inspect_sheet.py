import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from clients.importing.inspection import inspect_sheet


class Command(BaseCommand):
    help = "Reads a client sheet as an import would, and prints what it found as one JSON document."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        inspection = inspect_sheet(file)
        self.stdout.write(json.dumps(inspection, ensure_ascii=not _speaks_unicode(), indent=2))
        if not inspection["ok"]:
            sys.exit(1)


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
