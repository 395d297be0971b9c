import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jefacture.embedded.configuration import ROOT
from jefacture.embedded.processes import alive, kill_marked, marked, wait_until

pytestmark = pytest.mark.processes


class Supervised:
    """The program under test and the numbers of its services' processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.jefacture.supervised", str(folder)], cwd=ROOT, stdout=subprocess.DEVNULL
        )

    def pids(self, name: str, *, other_than: tuple[int, ...] = ()) -> tuple[int, ...]:
        """Master and worker of a service, once it has written them."""
        file = self.folder / name
        assert wait_until(lambda: file.exists() and _numbers(file) != other_than, seconds=20)
        return _numbers(file)

    def all_pids(self) -> tuple[int, ...]:
        return self.pids("low") + self.pids("high")


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    program = Supervised(tmp_path)
    yield program
    program.process.kill()
    program.process.wait()
    kill_marked(tmp_path)


def test_service_killed_comes_back_within_five_seconds_without_its_old_worker(supervised: Supervised) -> None:
    before = supervised.pids("low")
    os.kill(before[0], signal.SIGKILL)
    killed = time.monotonic()
    after = supervised.pids("low", other_than=before)
    assert time.monotonic() - killed < 5
    assert [alive(pid) for pid in before + after] == [False, False, True, True]


def test_sigterm_ends_services_and_their_workers(supervised: Supervised) -> None:
    pids = supervised.all_pids()
    supervised.process.terminate()
    assert supervised.process.wait(timeout=15) == 0
    assert [pid for pid in pids if alive(pid)] == []
    assert marked(supervised.folder) == set()


def test_supervisor_killed_takes_services_and_their_workers_along(supervised: Supervised) -> None:
    pids = supervised.all_pids()
    supervised.process.kill()
    supervised.process.wait()
    assert wait_until(lambda: not any(alive(pid) for pid in pids), seconds=5)


def test_kill_marked_ends_only_what_was_started_for_the_folder(supervised: Supervised, tmp_path: Path) -> None:
    pids = supervised.all_pids()
    other = subprocess.Popen(["/bin/sleep", "60"], env=os.environ | {"JEFACTURE_SUPERVISED": f"{tmp_path}-other"})
    try:
        supervised.process.send_signal(signal.SIGSTOP)  # or it would start them again
        assert kill_marked(tmp_path) == len(pids)
        assert other.poll() is None
    finally:
        supervised.process.send_signal(signal.SIGCONT)
        other.kill()
        other.wait()


def _numbers(file: Path) -> tuple[int, ...]:
    return tuple(int(word) for word in file.read_text().split())
