"""Pytest plugin (`-p tests.services`): PostgreSQL and Redis for the suite, before Django reads its settings.

One PostgreSQL serves the whole run; it is kept in var/test/<slot>, where the next run finds the migrated template.
Each process of the run has a database of its own, cloned from the template when the first test asks for it,
and a Redis of its own. The tests log in as the application role: the owner would walk through the fence.
"""

import fcntl
import os
import shutil
import signal
import socket
import sys
from collections.abc import Generator
from pathlib import Path
from subprocess import Popen
from typing import IO

import pytest

# Before the first import of jefacture, whose Celery application chooses the settings of production otherwise.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jefacture.settings.test")

from jefacture.embedded import postgres, redis, roles
from jefacture.embedded.configuration import ROOT
from jefacture.embedded.database import ensure_migrated
from jefacture.embedded.postgres import Postgres
from jefacture.embedded.processes import StartError, run, spawn, tail, wait_until

TEMPLATE = "template_jefacture"
PASSWORD = "test-only"
_SLOTS = 20
_SERVER_VARIABLE = "JEFACTURE_TEST_SERVER"  # tells the workers of a parallel run: folder and port


class Services:
    """The servers that this process uses, and those of them that it started."""

    def __init__(self) -> None:
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.database = f"test_{self.worker}"
        self._started: list[Popen[bytes]] = []
        self._lock: IO[str] | None = None
        if shared := os.environ.get(_SERVER_VARIABLE):
            folder, port = shared.rsplit(":", 1)
            self.folder = Path(folder)
            self.server = self._server(int(port))
        else:
            self.folder = self._claim_slot()
            for left in self.folder.glob("storage-*"):  # by runs of more processes than this one
                shutil.rmtree(left)
            self.server = self._server(free_port())
            self._start_postgres()
            os.environ[_SERVER_VARIABLE] = f"{self.folder}:{self.server.port}"
        self.redis_port = free_port()
        self._start_redis()
        os.environ |= self.environment()

    def environment(self) -> dict[str, str]:
        storage = self.folder / f"storage-{self.worker}"
        shutil.rmtree(storage, ignore_errors=True)
        return {
            "DATABASE_URL": self.url(roles.APPLICATION),
            "DATABASE_OWNER_URL": self.url(roles.OWNER),
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "STORAGE_URL": f"file://{storage}",
        }

    def url(self, role: str) -> str:
        return self.server.url(self.database, role=role)

    def make_database(self) -> None:
        """A fresh database for this process."""
        self.make_template()
        roles.clone_database(self.server, self.database, template=TEMPLATE)

    def make_template(self) -> None:
        """The database that others are cloned from, migrated when migrations have changed."""
        if not wait_until(self.server.answers, seconds=30):
            raise StartError(f"PostgreSQL does not answer:\n{tail(self.folder / 'postgres.log')}")
        with (self.folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            roles.ensure_roles(self.server, owner_password=PASSWORD, application_password=PASSWORD)
            ensure_migrated(self.server, TEMPLATE, root=ROOT, migrate=self._migrate_template, fresh=True)

    def stop(self) -> None:
        for process in reversed(self._started):
            process.send_signal(signal.SIGINT)  # for PostgreSQL: a fast shutdown
        for process in self._started:
            process.wait(timeout=20)
        self._started.clear()
        if self._lock:
            self._lock.close()

    def _server(self, port: int) -> Postgres:
        return Postgres(self.folder / "postgres", port=port, password=PASSWORD, durable=False)

    def _claim_slot(self) -> Path:
        """A folder that no other run uses at this moment."""
        for number in range(_SLOTS):
            folder = ROOT / "var" / "test" / str(number)
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / "lock").open("w")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._lock.close()
            else:
                return folder
        raise StartError(f"{_SLOTS} test runs are going on already.")

    def _start_postgres(self) -> None:
        log = self.folder / "postgres.log"
        log.unlink(missing_ok=True)
        self.server.prepare(log=log)
        self._started.append(
            spawn(
                self.server.argv,
                env=self.server.environment,
                log=log,
                cwd=ROOT,
                death_signal=postgres.DEATH_SIGNAL,
                ids=self.server.ids,
            )
        )

    def _start_redis(self) -> None:
        log = self.folder / f"redis-{self.worker}.log"
        log.unlink(missing_ok=True)
        argv = redis.argv(self.folder, port=self.redis_port)
        self._started.append(spawn(argv, env={"PATH": os.environ["PATH"]}, log=log, cwd=ROOT))
        if not wait_until(lambda: redis.answers(self.redis_port), seconds=10, every=0.01):
            raise StartError(f"Redis does not answer:\n{tail(log)}")

    def _migrate_template(self) -> None:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "jefacture.settings.test",
            "JEFACTURE_DB_ROLE": "owner",
            "DATABASE_OWNER_URL": self.server.url(TEMPLATE, role=roles.OWNER),
        }
        log = self.folder / "migrate.log"
        log.unlink(missing_ok=True)
        run([sys.executable, "manage.py", "migrate", "--skip-checks"], env=env, cwd=ROOT, log=log)


_services: list[Services] = []


def current() -> Services:
    return _services[0]


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(args: list[str]) -> Generator[None]:
    # A wrapper, because pytest-django loads the settings in its own implementation of this hook.
    if not {"--help", "-h", "--version", "-V", "--markers", "--fixtures"} & set(args):
        _services.append(Services())
    yield


def pytest_unconfigure() -> None:
    while _services:
        _services.pop().stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
