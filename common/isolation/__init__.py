"""Runs a function on a stranger's file in a child that can do little harm.

    value = run_isolated("invoices.opening:read_file", data, limits=Limits(memory_bytes=512 << 20, wall_seconds=10))

The function takes a path (and JSON keyword arguments) and returns what JSON can hold, or a tuple of that and bytes,
which come as they are; larger results it writes to a path that it was given. Its child lives on for the next file: no
environment, no network, no new programs, limits on memory, processor, open files and written bytes. It is replaced
after a number of files and after any breach.
"""

import atexit
import os
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from common.isolation.errors import Crashed, IsolationError, OutOfMemory, Raised, TimedOut
from common.isolation.parent import FILES_PER_CHILD, Child
from common.isolation.spawner import Spawner

__all__ = ["Crashed", "IsolationError", "Limits", "OutOfMemory", "Raised", "TimedOut", "end_children", "run_isolated"]

_Key = tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one file may take. Memory counts the child as a whole, its libraries included (some 60 MB)."""

    memory_bytes: int = 512 * 1024 * 1024
    wall_seconds: float = 10.0
    cpu_seconds: int = 10


DEFAULT_LIMITS: Final = Limits()


class _Seat:
    """One purpose's place in the pool: at most one child, used by one thread at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.child: Child | None = None


_seats: dict[_Key, _Seat] = {}
_seats_lock = threading.Lock()


def run_isolated(
    target: str,
    payload: Path | bytes,
    *,
    arguments: dict[str, Any] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Any:
    """Calls `target` ("package.module:function") with the path of `payload` and the keyword arguments, in its child.

    Raises TimedOut, OutOfMemory, Crashed (also when the function raised: Raised), all IsolationError. The next call
    works whatever happened in this one.
    """
    if isinstance(payload, bytes):
        with tempfile.NamedTemporaryFile(prefix="isolated-") as file:
            file.write(payload)
            file.flush()
            return _run(target, Path(file.name), arguments or {}, limits)
    return _run(target, payload.absolute(), arguments or {}, limits)


def end_children() -> None:
    """Ends every child of this process; the next call starts new ones."""
    with _seats_lock:
        seats = list(_seats.values())
    for seat in seats:
        with seat.lock:
            if seat.child is not None:
                seat.child.end()
                seat.child = None


def _run(target: str, path: Path, arguments: dict[str, Any], limits: Limits) -> Any:
    with _seats_lock:
        seat = _seats.setdefault((target, limits.memory_bytes), _Seat())
    with seat.lock:
        child = _seated(seat, target, limits.memory_bytes)
        return child.ask(path, arguments, wall_seconds=limits.wall_seconds, cpu_seconds=limits.cpu_seconds)


def _seated(seat: _Seat, target: str, memory_bytes: int) -> Child:
    child = seat.child
    if child is not None and child.alive() and child.files < FILES_PER_CHILD:
        return child
    if child is not None:
        child.end()
    seat.child = None
    seat.child = Child(target, memory_bytes)
    return seat.child


def _forget() -> None:
    """In a forked copy of this process (a Celery worker) the children belong to the original."""
    global _seats_lock  # noqa: PLW0603 - another thread may have held it at the moment of the fork
    for seat in _seats.values():
        if seat.child is not None:
            seat.child.close()
    _seats.clear()
    _seats_lock = threading.Lock()
    Spawner.forget()


os.register_at_fork(after_in_child=_forget)
atexit.register(end_children)
