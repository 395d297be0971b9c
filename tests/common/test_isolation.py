import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from common.isolation import Crashed, IsolationError, Limits, OutOfMemory, Raised, TimedOut, end_children, run_isolated

ROOT = Path(__file__).parents[2]
HERE = "tests.common.isolated_functions"
SMALL = Limits(memory_bytes=128 << 20, wall_seconds=2, cpu_seconds=2)


def test_run_isolated_returns_the_value_and_keeps_its_child() -> None:
    first = run_isolated(f"{HERE}:size", b"12345", arguments={"times": 2}, limits=SMALL)
    second = run_isolated(f"{HERE}:size", b"1", limits=SMALL)

    assert (first["size"], second["size"]) == (10, 1)
    assert first["pid"] == second["pid"] != os.getpid()


def test_run_isolated_takes_a_path(tmp_path: Path) -> None:
    file = tmp_path / "données.bin"
    file.write_bytes(b"abc")

    assert run_isolated(f"{HERE}:size", file, limits=SMALL)["size"] == 3


def test_child_writes_large_results_to_a_path_it_was_given(tmp_path: Path) -> None:
    output = tmp_path / "out.bin"

    assert run_isolated(f"{HERE}:write_beside", b"ab", arguments={"output": str(output)}, limits=SMALL) == 4
    assert output.read_bytes() == b"abab"


def test_child_sees_no_setting_and_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    end_children()

    assert run_isolated(f"{HERE}:environment", b"", limits=SMALL) == ["LANG", "PATH", "TZ"]
    assert "django" not in run_isolated(f"{HERE}:modules", b"", limits=SMALL)


def test_child_reaches_neither_network_nor_other_processes() -> None:
    assert run_isolated(f"{HERE}:reach_out", b"", limits=SMALL) == []


def test_child_that_sleeps_too_long_is_ended_and_replaced() -> None:
    started = time.monotonic()
    with pytest.raises(TimedOut):
        run_isolated(
            f"{HERE}:sleep", b"", arguments={"seconds": 60}, limits=Limits(memory_bytes=128 << 20, wall_seconds=0.3)
        )

    assert time.monotonic() - started < 10
    assert run_isolated(f"{HERE}:sleep", b"", arguments={"seconds": 0}, limits=SMALL) is None


def test_child_that_burns_processor_time_is_ended() -> None:
    with pytest.raises(TimedOut, match="processor"):
        run_isolated(f"{HERE}:burn", b"", limits=Limits(memory_bytes=128 << 20, wall_seconds=30, cpu_seconds=1))


def test_child_that_swallows_memory_is_ended_and_replaced() -> None:
    with pytest.raises(OutOfMemory):
        run_isolated(f"{HERE}:swallow_memory", b"", limits=SMALL)
    with pytest.raises(OutOfMemory):
        run_isolated(f"{HERE}:swallow_memory", b"", limits=SMALL)


def test_child_that_saxon_ends_for_want_of_memory_is_told_as_such() -> None:
    with pytest.raises(OutOfMemory):
        run_isolated(f"{HERE}:end_as_saxon_without_memory", b"", limits=SMALL)


@pytest.mark.parametrize("name", ["crash", "end_oneself"])
def test_child_that_crashes_is_replaced(name: str) -> None:
    for _ in range(2):
        with pytest.raises(Crashed):
            run_isolated(f"{HERE}:{name}", b"", limits=SMALL)


def test_function_that_raises_says_what_and_keeps_its_child() -> None:
    with pytest.raises(Raised) as caught:
        run_isolated(f"{HERE}:complain", b"", limits=SMALL)

    assert (caught.value.kind, caught.value.message) == ("builtins.ValueError", "not like this")


def test_what_a_library_prints_does_not_break_the_answer() -> None:
    assert run_isolated(f"{HERE}:chatter", b"", limits=SMALL) == "unharmed"


def test_unknown_function_is_an_error_with_its_name() -> None:
    with pytest.raises(IsolationError, match="no_such_function"):
        run_isolated(f"{HERE}:no_such_function", b"", limits=SMALL)


def test_child_outlives_the_thread_that_started_it() -> None:
    end_children()
    pids: list[int] = []
    for _ in range(2):
        thread = threading.Thread(
            target=lambda: pids.append(run_isolated(f"{HERE}:size", b"", limits=SMALL)["pid"]),
        )
        thread.start()
        thread.join()

    assert pids[0] == pids[1]


def test_forked_process_has_a_child_of_its_own() -> None:
    code = f"""
import os, sys
from common.isolation import run_isolated
mine = run_isolated("{HERE}:size", b"")["pid"]
if (forked := os.fork()) == 0:
    other = run_isolated("{HERE}:size", b"")["pid"]
    os._exit(0 if other != mine else 1)
assert os.waitpid(forked, 0)[1] == 0
assert run_isolated("{HERE}:size", b"")["pid"] == mine
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_child_ends_with_a_killed_parent() -> None:
    code = f"""
import sys, time, threading
from common.isolation import run_isolated
print(run_isolated("{HERE}:size", b"")["pid"], flush=True)
run_isolated("{HERE}:burn", b"") if len(sys.argv) > 1 else time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()

    deadline = time.monotonic() + 10
    while _running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _running(child)


def _running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
