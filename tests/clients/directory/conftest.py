"""The company directory's stand-in, as a process of its own that tests speak HTTP to."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
import requests
from pytest_django import Settings

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class StandIn:
    address: str

    def commit(self, fault: str, *, seconds: float = 10) -> None:
        requests.put(f"{self.address}/faults", json={"fault": fault, "seconds": seconds}, timeout=5).raise_for_status()

    def behave(self) -> None:
        requests.post(f"{self.address}/reset", timeout=5).raise_for_status()

    def told(self) -> Any:
        """Of what came since it last began to behave: `count`, `seconds`, `busiest_second`, the texts `asked`."""
        return requests.get(f"{self.address}/requests", timeout=5).json()

    @property
    def asked(self) -> list[str]:
        return list(self.told()["asked"])


@pytest.fixture(scope="package")
def _stand_in() -> Iterator[StandIn]:
    command = [sys.executable, "-m", "sandbox.company_directory", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield StandIn(process.stdout.readline().strip())
        finally:
            process.terminate()


@pytest.fixture
def kept(redis_client: redis.Redis) -> redis.Redis:
    """What Redis holds."""
    return redis_client


@pytest.fixture(autouse=True)
def stand_in(_stand_in: StandIn, settings: Settings) -> StandIn:
    """As at its start, and where the product looks."""
    settings.COMPANY_DIRECTORY_URL = _stand_in.address
    _stand_in.behave()
    return _stand_in
