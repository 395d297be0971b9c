"""How a file is opened: its outcome, how long it took, and what the child that read it held meanwhile."""

import contextlib
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from invoices.formats import InvoiceRefused
from invoices.opening import Quarantined, active_of, open_invoice, text_of

#: Where nobody may call: a port that a test listens on takes its place.
CALL_HOME: Final = "http://127.0.0.1:{port}/"


@dataclass
class Watched:
    """How an opening went: accepted, incomplete, or the code of its refusal or quarantine."""

    outcome: str = ""
    seconds: float = 0.0
    peak_bytes: int = 0
    sockets: set[str] = field(default_factory=set)
    active: list[str] = field(default_factory=list)


def open_watched(data: bytes) -> Watched:
    """Open as a worker does (reading, then what acts by itself, then the text), its children looked at meanwhile."""
    seen, over = Watched(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(seen, over), daemon=True)
    watcher.start()
    started = time.monotonic()
    try:
        opened = open_invoice(data, check=False)
        seen.seconds = time.monotonic() - started
        seen.outcome = "accepted" if opened.invoice is not None else f"without data: {opened.container}"
        if opened.container in ("pdf", "facturx", "zugferd"):
            seen.active = active_of(data)
        if opened.container == "pdf":
            text_of(data)
    except InvoiceRefused as refusal:
        seen.outcome = f"refused: {refusal.code}"
    except Quarantined as breach:
        seen.outcome = f"quarantined: {breach.code}"
    seen.seconds = seen.seconds or time.monotonic() - started
    over.set()
    watcher.join()
    return seen


def _watch(seen: Watched, over: threading.Event) -> None:
    """
    The high-water mark of each child's memory, and whether one ever holds a socket.

    Seen twice: between the start of a child's program and the closing of what it inherited lies a moment.
    """
    once: set[str] = set()
    ended = False
    while not ended:
        ended = over.wait(0.004)
        for child in _children():
            with contextlib.suppress(OSError, ValueError):
                _look(child, seen, once)


def _look(child: str, seen: Watched, once: set[str]) -> None:
    status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    seen.peak_bytes = max(seen.peak_bytes, int(peak.split()[1]) * 1024)
    for descriptor in Path(f"/proc/{child}/fd").iterdir():
        target = str(descriptor.readlink())
        if target.startswith("socket:"):
            (seen.sockets if target in once else once).add(target)


def _children() -> list[str]:
    """The isolated children of this process: the servers of the tests are children too."""
    found: list[str] = []
    for task in os.scandir("/proc/self/task"):
        with contextlib.suppress(OSError):
            found += Path(task.path, "children").read_text(encoding="ascii").split()
    return [child for child in found if _is_isolated(child)]


def _is_isolated(child: str) -> bool:
    try:
        return b"isolation/child.py" in Path(f"/proc/{child}/cmdline").read_bytes()
    except OSError:
        return False
