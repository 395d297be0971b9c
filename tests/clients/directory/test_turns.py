"""Seven requests a second for the whole product."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as configured

from clients.directory.turns import BACKGROUND_PER_SECOND, PER_SECOND, stop_everybody, take_turn
from tests.clients.directory.conftest import ROOT, StandIn
from tests.factories import siren

#: What each of two processes does: look up its numbers in four threads, each until it is answered.
_ASK = """
import sys
from concurrent.futures import ThreadPoolExecutor
from clients.directory import Outcome, company
def ask(number):
    while company(number).outcome is Outcome.BUSY:
        pass
with ThreadPoolExecutor(4) as pool:
    list(pool.map(ask, sys.argv[1:]))
"""


@pytest.mark.processes
def test_two_processes_of_four_threads_share_seven_a_second(stand_in: StandIn) -> None:
    env = os.environ | {"COMPANY_DIRECTORY_URL": stand_in.address, "REDIS_URL": configured.REDIS_URL}
    numbers = [siren(n) for n in range(9)]
    programs = [
        subprocess.Popen([sys.executable, "-c", _ASK, *part], cwd=ROOT, env=env) for part in (numbers[:5], numbers[5:])
    ]
    assert [program.wait(timeout=30) for program in programs] == [0, 0]
    told = stand_in.told()
    assert sorted(set(told["asked"])) == sorted(numbers)
    # 7, and 2 that wait for 1.1 s. Had each process its own seven, nobody would wait.
    assert told["seconds"] > 1


def test_background_leaves_turns_to_those_who_type() -> None:
    background = [take_turn(background=True) for _ in range(PER_SECOND)]
    assert [wait == 0 for wait in background] == [True] * BACKGROUND_PER_SECOND + [False] * 2
    assert [take_turn(background=False) == 0 for _ in range(3)] == [True, True, False]


def test_turns_taken_at_once_are_seven() -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: take_turn(background=False), range(20)))
    assert waits.count(0.0) == PER_SECOND
    longest = max(waits)
    assert 0 < longest <= 1.1
    time.sleep(longest)
    assert take_turn(background=False) == 0


def test_stop_is_everybody_s() -> None:
    stop_everybody(30)
    assert 29 < take_turn(background=False) <= 30
    assert 29 < take_turn(background=True) <= 30
