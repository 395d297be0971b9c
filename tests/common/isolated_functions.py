"""Functions that tests run inside a child: each does one thing that a hostile file might cause."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def size(path: Path, *, times: int = 1) -> dict[str, int]:
    return {"size": path.stat().st_size * times, "pid": os.getpid()}


def environment(_path: Path) -> list[str]:
    return sorted(os.environ)


def modules(_path: Path) -> list[str]:
    return sorted({name.partition(".")[0] for name in sys.modules})


def sleep(_path: Path, *, seconds: float) -> None:
    time.sleep(seconds)


def burn(_path: Path) -> None:
    while True:
        pass


def swallow_memory(_path: Path) -> int:
    blocks = [bytearray(16 << 20) for _ in range(1000)]
    return len(blocks)


def crash(_path: Path) -> None:
    ctypes.string_at(0)


def end_oneself(_path: Path) -> None:
    os._exit(3)


def end_as_saxon_without_memory(_path: Path) -> None:
    os._exit(99)


def complain(_path: Path) -> None:
    raise ValueError("not like this")


def chatter(_path: Path) -> str:
    print("to the pipe?")  # noqa: T201 - the point of the test
    os.write(1, b"\xff\xff\xff\xff")
    return "unharmed"


def reach_out(path: Path) -> list[str]:
    """Tries every way to the network and to other processes; returns those that worked."""
    attempts: dict[str, Any] = {
        "socket": lambda: socket.socket(socket.AF_INET),
        "unix socket": lambda: socket.socket(socket.AF_UNIX),
        "name": lambda: socket.getaddrinfo("localhost", 80)[0][4] and socket.create_connection(("127.0.0.1", 9)),
        "program": lambda: subprocess.run(["/bin/true"], check=True),
        "kill": lambda: os.kill(os.getppid(), 0),
        "signal to oneself": lambda: os.kill(os.getpid(), signal.SIGCONT),
        "kernel": _raw_socket,
    }
    return [name for name, attempt in attempts.items() if _works(attempt)]


def _raw_socket() -> None:
    if ctypes.CDLL(None).syscall(41, 2, 1, 0) < 0:
        raise PermissionError


def _works(attempt: Any) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def write_beside(path: Path, *, output: str) -> int:
    return Path(output).write_bytes(path.read_bytes() * 2)
