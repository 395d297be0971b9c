"""Run in a child: which heavy libraries the product's own imports pull in."""

import importlib
import sys
from pathlib import Path

HEAVY = ("saxonche", "typst", "facturx", "pypdf")


def modules_after_import(_path: Path) -> list[str]:
    importlib.import_module("invoices.opening")
    importlib.import_module("invoices.rendering")
    return [name for name in HEAVY if name in sys.modules]
