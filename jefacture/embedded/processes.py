"""Child processes that cannot outlive us, seen through /proc: Linux and the standard library only."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

# Every supervised process carries its data folder in the environment, so that what an earlier run left can be found.
MARKER = "JEFACTURE_SUPERVISED"

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)

Ids = tuple[int, int]


class StartError(Exception):
    """Why a server could not start, as one sentence for the person at the terminal."""


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `number` when the thread that forked ends, whatever ended it.

    It must run after a change of user, which clears it; subprocess does so in this order.
    """
    parent = os.getpid()

    def arm() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return arm


def die_with_make() -> None:
    """End by SIGTERM when the make that started us is killed, which would leave us without a terminal."""
    parent = os.getppid()
    with suppress(OSError):
        if Path(f"/proc/{parent}/comm").read_text().strip() in {"make", "gmake"}:
            _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def adopt_orphans() -> None:
    """Descendants whose parent dies become our children, where `orphans` finds them."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    death_signal: signal.Signals = signal.SIGKILL,
    ids: Ids | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own, writing to `log`, as user and group `ids` where given."""
    user, group = ids or (None, None)
    with log.open("ab") as output:
        return subprocess.Popen(
            argv,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=None if ids is None else [],
            preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509 - the supervisor has a single thread
        )


def run(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, ids: Ids | None = None) -> str:
    """Run a command to its end and return its standard output; its errors go to `log`, with their end in StartError."""
    user, group = ids or (None, None)
    with log.open("ab") as errors:
        done = subprocess.run(
            argv,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
            user=user,
            group=group,
            extra_groups=None if ids is None else [],
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    output = done.stdout.decode(errors="replace")
    if done.returncode:
        what = " ".join(Path(word).name for word in argv[:4])
        raise StartError(f"{what} failed (see {log}):\n{output[-500:]}{tail(log)}")
    return output


def tail(log: Path, *, lines: int = 15) -> str:
    """The last lines of a log, for a message; empty where there is none."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def alive(pid: int) -> bool:
    """True while the process exists and is not a zombie."""
    return _status(pid) not in {None, "Z"}


def children(parent: int) -> set[int]:
    """Direct children of `parent`, zombies included."""
    try:
        lists = [file.read_text() for file in Path(f"/proc/{parent}/task").glob("*/children")]
    except OSError:
        lists = []
    if lists:
        return {int(word) for text in lists for word in text.split()}
    return {pid for pid in _all_pids() if _stat(pid)[1:2] == [str(parent)]}  # a kernel without these lists


def marked(folder: Path) -> set[int]:
    """Processes that were supervised for `folder`, except ourselves."""
    wanted = f"{MARKER}={folder}".encode()
    return {pid for pid in _all_pids() - {os.getpid()} if wanted in _environment(pid)}


def kill_marked(folder: Path) -> int:
    """Kill what earlier runs left for `folder`; returns how many processes that was."""
    killed: set[int] = set()
    while found := marked(folder):
        for pid in found:
            kill(pid, signal.SIGKILL)
        killed |= found
        time.sleep(0.05)
    return len(killed)


def kill(pid: int, number: signal.Signals) -> None:
    """Send a signal to one process; one that has ended already is fine."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Poll `condition` until it holds; False when `seconds` have passed first."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def say(line: str) -> None:
    """Print a line for the person at the terminal; a closed terminal is no reason to stop."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError:
        return


def _all_pids() -> set[int]:
    return {int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()}


def _stat(pid: int) -> list[str]:
    """State, parent, group, session, …; empty for a process that has gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()  # the name, between brackets, may hold anything


def _status(pid: int) -> str | None:
    fields = _stat(pid)
    return fields[0] if fields else None


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []
