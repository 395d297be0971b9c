import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import Cabinet, make_cabinet

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cabinet(db: None) -> Cabinet:
    return make_cabinet()


@pytest.fixture
def other_cabinet(db: None) -> Cabinet:
    return make_cabinet()


@pytest.fixture(scope="session")
def jedeclare() -> Iterator[str]:
    """The address of jedeclare's stand-in, whose slow account answers after a second."""
    command = [sys.executable, "-m", "sandbox.jedeclare", "--port", "0", "--slow-seconds", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
