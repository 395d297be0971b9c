"""The import's pure part: no database and no Redis; files are made by other programs than the one that reads them."""

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    """Takes the place of the fixture that every other room needs."""


@pytest.fixture(scope="session")
def sheets_corpus() -> Path:
    folder = Path(os.environ.get("CORPUS_DIR", Path(__file__).parents[4] / "shared" / "corpora")) / "sheets"
    if not folder.is_dir():
        pytest.skip(f"no sheets in {folder}: set CORPUS_DIR")
    return folder
