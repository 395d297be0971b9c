"""`python -m jefacture.embedded.demo`: everything on this machine, in the foreground, until Ctrl-C."""

import fcntl
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from jefacture.embedded import redis
from jefacture.embedded.configuration import DATABASE, ROOT, Layout, environment, load_secrets, write_private
from jefacture.embedded.database import ensure_migrated
from jefacture.embedded.postgres import Postgres
from jefacture.embedded.processes import StartError, die_with_make, kill_marked, say, wait_until
from jefacture.embedded.report import table
from jefacture.embedded.roles import ensure_roles, read_note, write_note
from jefacture.embedded.services import applications, sandboxes, servers
from jefacture.embedded.statics import ensure_collected
from jefacture.embedded.supervisor import Supervisor

FOLDER = ROOT / "var" / "demo"
_READY_SECONDS = 90


class Demo:
    """One run of the demo in `folder`."""

    def __init__(self, folder: Path, *, layout: Layout) -> None:
        self.folder = folder
        self.layout = layout
        self.secrets = load_secrets(folder / "settings.json")
        self.server = Postgres(
            folder / "postgres", port=layout.ports["postgres"], password=self.secrets["SUPERUSER_PASSWORD"]
        )
        self.env = environment(layout, self.secrets, server=self.server, folder=folder)
        self.supervisor = Supervisor(cwd=ROOT, logs=folder / "logs")

    def start(self) -> None:
        """Bring everything up, in order; returns when /readyz answers 200."""
        for service in servers(self.layout, server=self.server, folder=self.folder, logs=self.supervisor.logs):
            self.supervisor.start(service)
        for service in sandboxes(self.layout, env=self.env, folder=self.folder):
            self.supervisor.start(service)
        self._prepare_database()
        ensure_collected(ROOT, collect=lambda: self._manage("collectstatic", "--noinput", "--clear"))
        for service in applications(self.layout, env=self.env, folder=self.folder):
            self.supervisor.start(service)
        self.supervisor.wait("The application", self._ready, seconds=_READY_SECONDS)
        description = self._description()
        write_private(self.folder / "demo.json", description)
        say(table(description, folder=self.folder))

    def run(self) -> NoReturn:
        while True:
            self.supervisor.tend()
            time.sleep(0.2)

    def stop(self) -> None:
        with suppress(FileNotFoundError):
            (self.folder / "demo.json").unlink()
        self.supervisor.stop()

    def _prepare_database(self) -> None:
        self.supervisor.wait("PostgreSQL", self.server.answers, seconds=60)
        ensure_roles(
            self.server,
            owner_password=self.secrets["OWNER_PASSWORD"],
            application_password=self.secrets["APPLICATION_PASSWORD"],
        )
        ensure_migrated(
            self.server, DATABASE, root=ROOT, migrate=lambda: self._manage("migrate", "--skip-checks", owner=True)
        )
        self.supervisor.wait("Redis", lambda: redis.answers(self.layout.ports["redis"]), seconds=20)
        self._seed()

    def _seed(self) -> None:
        note = read_note(self.server, DATABASE)
        if note.get("seeded") and self._seed_file.exists():
            return
        say("Seeding the demo data (about a minute, once)…")
        document = self._manage("seed_demo").splitlines()[-1]  # after whatever was logged
        write_private(self._seed_file, json.loads(document))
        write_note(self.server, DATABASE, note | {"seeded": True})

    @property
    def _seed_file(self) -> Path:
        return self.folder / "seed.json"

    def _manage(self, command: str, *options: str, owner: bool = False) -> str:
        env = self.env | ({"JEFACTURE_DB_ROLE": "owner"} if owner else {})
        return self.supervisor.run(command, [sys.executable, "manage.py", command, *options], env=env)

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.layout.base}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004 - HTTP
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
            return False

    def _description(self) -> dict[str, Any]:
        """What a script needs: the keys of demo.json are a contract."""
        layout, seed = self.layout, json.loads(self._seed_file.read_text())
        return {
            "web": layout.url("web"),
            "comptexpert": layout.url("comptexpert"),
            "jedeclare": layout.url("jedeclare"),
            "smtp": layout.url("smtp"),
            "mail": layout.url("mail"),
            "returns": layout.url("returns"),
            "company_directory": layout.url("company_directory"),
            "database_url": self.env["DATABASE_URL"],
            "redis_url": self.env["REDIS_URL"],
            "software_id": seed["software_id"],
            "firms": seed["firms"],
            "companies": seed["companies"],
        }


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the kernel gives it back when we die."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+")
    except PermissionError:
        raise StartError(f"{folder} belongs to another user: run make demo as that user, or remove it.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartError(f"a demo already runs in this folder ({lock.read().strip()}).") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


def main() -> int:
    end_on_signals()
    demo: Demo | None = None
    try:
        layout = Layout.from_environment()
        with only_one(FOLDER):
            if killed := kill_marked(FOLDER):
                say(f"Ended {killed} processes that an earlier run left.")
            demo = Demo(FOLDER, layout=layout)
            demo.server.end_former_server()
            _refuse_busy_ports(layout)
            try:
                demo.start()
                demo.run()
            finally:
                ignore_signals()
                demo.stop()
    except StartError as error:
        sys.stderr.write(f"make demo: {error}\n")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 0


def end_on_signals() -> None:
    """Ctrl-C, SIGTERM and a closed terminal end the run; so does the death of the make that started us."""

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup make demo
        signal.signal(signal.SIGHUP, end)
    die_with_make()


def ignore_signals() -> None:
    """Stopping takes seconds and is not to be broken off half-way."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _refuse_busy_ports(layout: Layout) -> None:
    # The ports of a demo that was killed a moment ago take an instant to come free.
    if not wait_until(lambda: not layout.busy(), seconds=3):
        name, port = next(iter(layout.busy().items()))
        raise StartError(
            f"port {port} ({name}) is taken by another program."
            f" Choose others, for example: make demo PORT={layout.base + 1000}"
        )


if __name__ == "__main__":
    sys.exit(main())
