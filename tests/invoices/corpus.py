"""Real invoices that nobody here wrote, where a folder of them is at hand (CORPUS_DIR)."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("CORPUS_DIR") or Path(__file__).parents[3] / "shared" / "corpora")


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (FOLDER / folder).glob("*") if path.is_file())


def every(*folders: str, most: int | None = None) -> pytest.MarkDecorator:
    """Runs a test once per file (`file`), `most` of them; where there is none, skips it with the reason."""
    found = files(*folders)[:most]
    if not found:
        absent = pytest.param(None, marks=pytest.mark.skip(reason=f"no corpus: set CORPUS_DIR ({FOLDER} is absent)"))
        return pytest.mark.parametrize("file", [absent])
    return pytest.mark.parametrize("file", found, ids=lambda path: path.name)
