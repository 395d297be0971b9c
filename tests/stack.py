"""
A whole jefacture of real processes, for tests that drive a browser or kill something.

Web, worker, beat, the four stand-ins and a Redis, each started as `make demo` starts it, on free ports of 127.0.0.1,
with a database of their own on the PostgreSQL of the run. Fixture `stack` (tests/conftest.py): one per process of the
run, started by the first test that asks for it.
"""

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from subprocess import Popen
from typing import Any, Self, cast

import psycopg
import redis
import requests

from jefacture.embedded import redis as redis_server
from jefacture.embedded import roles
from jefacture.embedded.configuration import HOST, ROOT, Layout, environment, load_secrets
from jefacture.embedded.processes import die_with_parent, run, spawn, tail, wait_until
from jefacture.embedded.services import applications, sandboxes
from jefacture.embedded.statics import ensure_collected
from jefacture.embedded.supervisor import Service
from tests.flush import CleanState
from tests.services import PASSWORD, TEMPLATE, Services

_SETTINGS = "tests.stack_settings"
_START_SECONDS = 60


class Stack:
    """
    Use as a context manager.

    Names of its processes: redis, comptexpert, jedeclare, mail, company_directory, web, worker, beat, returns.
    """

    def __init__(self, services: Services, *, name: str = "stack") -> None:
        self._server = services.server
        self._services = services
        self._database_name = f"{name}_{services.worker}"
        self.folder = services.folder / f"{name}-{services.worker}"
        self.layout = _free_layout()
        self.url = self.layout.url("web")
        self.comptexpert = self.layout.url("comptexpert")
        self.jedeclare = self.layout.url("jedeclare")
        self.mail_url = self.layout.url("mail")
        self.company_directory = self.layout.url("company_directory")
        self.redis = redis.Redis(port=self.layout.ports["redis"])
        self._known: dict[str, Service] = {}
        self._running: dict[str, Popen[bytes]] = {}
        self._hands: Popen[str] | None = None
        self._clean: CleanState | None = None

    # --- Its life -----------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "logs").mkdir(parents=True)
        self._known = {service.name: service for service in self._describe()}
        try:
            for name in ("redis", "comptexpert", "jedeclare", "mail", "company_directory"):
                self.start(name, wait=False)
            self._prepare()
            for name in ("web", "worker", "beat", "returns"):
                self.start(name, wait=False)
            for name in self._known:
                self.wait_for(name)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        for name in reversed(self._known):
            self.end(name, wait=False)
        for name in reversed(self._known):
            self.end(name)
        if self._hands:
            self._hands.kill()
            self._hands.wait()
        self.redis.close()
        if self._clean:
            self._clean.close()
            self.database.close()
        roles.drop_database(self._server, self._database_name)

    def start(self, name: str, *, wait: bool = True) -> None:
        service = self._known[name]
        self._running[name] = spawn(service.argv, env=service.env, log=self.log(name), cwd=ROOT)
        if wait:
            self.wait_for(name)

    def kill(self, name: str) -> None:
        """SIGKILL to the process, its forks and what they started."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self, name: str, *, wait: bool = True) -> None:
        """SIGTERM, as an orderly stop; whoever takes more than five seconds is killed, as in the demo."""
        process = self._running.get(name)
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        if wait:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
            self.kill(name)

    def restart(self, name: str, *, wait: bool = True) -> None:
        self.end(name)
        self.start(name, wait=wait)

    def is_running(self, name: str) -> bool:
        return name in self._running and self._running[name].poll() is None

    def wait_for(self, name: str) -> None:
        """Return once it answers."""
        probes: dict[str, Callable[[], bool]] = {
            "redis": lambda: redis_server.answers(self.layout.ports["redis"]),
            "web": lambda: _answers(f"http://{HOST}:{self.layout.base}/healthz"),
            "worker": self._worker_beats,
            "beat": lambda: True,
        }
        if name == "worker":
            self.sql("DELETE FROM common_heartbeat WHERE name = 'worker'")
            self.run("from celery import current_app\ncurrent_app.send_task('common.tasks.heartbeat')")
        self.wait(
            f"{name} to answer", probes.get(name) or (lambda: _listens(self.layout.ports[name])), seconds=_START_SECONDS
        )

    def wait(self, what: str, condition: Callable[[], object], *, seconds: float, every: float = 0.05) -> None:
        """Fail with the ends of the logs when `condition` does not come true."""
        if not wait_until(lambda: bool(condition()), seconds=seconds, every=every):
            logs = "\n".join(f"--- {name}\n{tail(self.log(name))}" for name in ("web", "worker", "beat"))
            raise AssertionError(f"{what}: not within {seconds} s.\n{logs}")

    def log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    # --- What tests look at and do ------------------------------------------------------------------------------------

    @cached_property
    def database(self) -> "psycopg.Connection[Any]":
        """A session of the superuser, who sees every tenant's rows; each statement commits."""
        return psycopg.connect(self._server.url(self._database_name), autocommit=True)

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of one statement; empty where it gives none."""
        cursor = self.database.execute(query, values)
        return cursor.fetchall() if cursor.description is not None else []

    def value(self, query: str, *values: object) -> Any:
        """The first column of the first row."""
        return self.sql(query, *values)[0][0]

    def call(self, target: str, **arguments: object) -> Any:
        """Call "module:function" in a process with the stack's settings; arguments and the answer cross as JSON."""
        return self._ask({"target": target, "arguments": arguments})

    def run(self, code: str) -> Any:
        """Run statements in that process; gives back what they leave in `result`."""
        return self._ask({"code": code})

    def messages(self, *, to: str | None = None) -> list[dict[str, Any]]:
        """What arrived at the mail stand-in, newest first."""
        answer = requests.get(f"{self.mail_url}/messages.json", params={"to": to} if to else {}, timeout=20)
        return cast("list[dict[str, Any]]", answer.json())

    def reset(self) -> None:
        """An empty database, mailbox and Redis, and the stand-ins as at their start. Needs everything to run."""
        assert self._clean
        self._clean.restore()
        self.redis.flushall()
        self.wait_for("worker")  # and be ready: the heartbeat went with the rest
        requests.delete(f"{self.mail_url}/messages", timeout=20).raise_for_status()
        for stand_in in (self.comptexpert, self.company_directory):
            requests.post(f"{stand_in}/reset", timeout=20).raise_for_status()

    # --- Inside -------------------------------------------------------------------------------------------------------

    def _describe(self) -> list[Service]:
        path = {"PATH": os.environ["PATH"]}
        server = redis_server.argv(self.folder, port=self.layout.ports["redis"])
        return [
            Service("redis", server, env=path, tier=0),
            *sandboxes(self.layout, env=self._env, folder=self.folder),
            *applications(self.layout, env=self._env, folder=self.folder),
        ]

    @property
    def _env(self) -> dict[str, str]:
        secrets = load_secrets(self.folder / "settings.json")
        own = {
            "DATABASE_URL": self._server.url(self._database_name, role=roles.APPLICATION, password=PASSWORD),
            "DATABASE_OWNER_URL": self._server.url(self._database_name, role=roles.OWNER, password=PASSWORD),
            "DJANGO_SETTINGS_MODULE": _SETTINGS,
        }
        return environment(self.layout, secrets, server=self._server, folder=self.folder) | own

    def _prepare(self) -> None:
        self._services.make_template()
        roles.clone_database(self._server, self._database_name, template=TEMPLATE)
        self._clean = CleanState(self._server.url(self._database_name))
        with (ROOT / "var" / "test" / "static.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ensure_collected(ROOT, collect=self._collect, into=ROOT / "var" / "test" / "static")

    def _collect(self) -> None:
        argv = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear"]
        run(argv, env=self._env, cwd=ROOT, log=self.log("collectstatic"))

    def _worker_beats(self) -> bool:
        return bool(self.sql("SELECT 1 FROM common_heartbeat WHERE name = 'worker'"))

    def _ask(self, request: dict[str, Any]) -> Any:
        hands = self._hands = self._hands or self._start_hands()
        assert hands.stdin is not None
        assert hands.stdout is not None
        hands.stdin.write(json.dumps(request, default=str) + "\n")
        hands.stdin.flush()
        line = hands.stdout.readline()
        assert line, f"the process that acts for the tests ended:\n{tail(self.log('hands'))}"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def _start_hands(self) -> "Popen[str]":
        with self.log("hands").open("ab") as log:
            return Popen(
                [sys.executable, "-m", "tests.stack_hands"],
                env=self._env,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - as jefacture.embedded.processes.spawn
            )


def _free_layout() -> Layout:
    """Eight free ports in a row, below those that the kernel hands out by itself."""
    while True:
        layout = Layout(random.randrange(22_000, 32_000))  # noqa: S311 - a port, not a secret
        if not layout.busy():
            return layout


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False
