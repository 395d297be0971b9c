"""Starts services, starts a dead one again, stops all of them, leaving no process."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from jefacture.embedded.processes import (
    Ids,
    StartError,
    adopt_orphans,
    children,
    kill,
    run,
    say,
    spawn,
    wait_until,
)

_FIRST_DELAY = 0.3
_LAST_DELAY = 4.0  # a dead service is back within 5 s
_STEADY_SECONDS = 15.0  # a service that ran this long starts again without delay


@dataclass
class Service:
    """One long-running child. Services of a higher `tier` use those below it and stop before them."""

    name: str
    argv: list[str]
    env: Mapping[str, str]
    tier: int
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    stop_seconds: float = 5.0
    ids: Ids | None = None
    prepare: Callable[[], None] | None = None  # before each start

    process: Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    start_at: float = field(default=0.0, init=False)
    delay: float = field(default=_FIRST_DELAY, init=False)
    deaths: int = field(default=0, init=False)


class Supervisor:
    """Keeps services running in the folder `cwd`, each with a log of its name in the folder `logs`."""

    def __init__(self, *, cwd: Path, logs: Path) -> None:
        self.cwd = cwd
        self.logs = logs
        self._services: list[Service] = []
        self.logs.mkdir(parents=True, exist_ok=True)
        adopt_orphans()

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def start(self, service: Service) -> None:
        _rotate(self.log(service.name))
        self._services.append(service)
        self._launch(service)

    def run(self, name: str, argv: list[str], *, env: Mapping[str, str]) -> str:
        """Run a command to its end; returns its standard output, raises StartError where it fails."""
        _rotate(self.log(name))
        return run(argv, env=env, cwd=self.cwd, log=self.log(name))

    def wait(self, name: str, condition: Callable[[], bool], *, seconds: float) -> None:
        """Look after the services until `condition` holds; StartError with `name` in it when time is up."""

        def tended() -> bool:
            self.tend()
            return condition()

        if not wait_until(tended, seconds=seconds):
            raise StartError(f"{name} is not ready after {seconds:.0f} s; see the logs in {self.logs}.")

    def tend(self) -> None:
        """Clear orphans and start again what has ended: call it a few times a second."""
        self._kill_orphans()
        for service in self._services:
            self._tend(service)

    def stop(self) -> None:
        """End all services, the highest tier first, each with its whole tree."""
        for tier in sorted({service.tier for service in self._services}, reverse=True):
            self._stop([service for service in self._services if service.tier == tier])
        self._services.clear()
        self._kill_orphans()

    def _tend(self, service: Service) -> None:
        process = service.process
        if process is None:
            if time.monotonic() >= service.start_at:
                self._try_launch(service)
        elif (code := process.poll()) is not None:
            self._note_death(service, code)

    def _note_death(self, service: Service, code: int) -> None:
        service.process = None
        service.deaths += 1
        if time.monotonic() - service.started > _STEADY_SECONDS:
            service.delay = _FIRST_DELAY
        service.start_at = time.monotonic() + service.delay
        service.delay = min(service.delay * 2, _LAST_DELAY)
        how = f"signal {-code}" if code < 0 else f"code {code}"
        say(f"{service.name} ended ({how}) and is started again; its log is {self.log(service.name)}")

    def _try_launch(self, service: Service) -> None:
        try:
            self._launch(service)
        except (OSError, StartError) as error:
            say(f"{service.name} could not start: {error}")
            service.start_at = time.monotonic() + _LAST_DELAY

    def _launch(self, service: Service) -> None:
        if service.prepare:
            service.prepare()
        service.started = time.monotonic()
        service.process = spawn(
            service.argv,
            env=service.env,
            log=self.log(service.name),
            cwd=self.cwd,
            death_signal=service.death_signal,
            ids=service.ids,
        )

    def _stop(self, services: list[Service]) -> None:
        running = [(service, service.process) for service in services if service.process]
        for service, process in running:
            kill(process.pid, service.stop_signal)
        deadline = time.monotonic() + max((service.stop_seconds for service in services), default=0)
        for service, process in running:
            if not wait_until(lambda p=process: p.poll() is not None, seconds=deadline - time.monotonic()):  # type: ignore[misc] # mypy cannot type a lambda's default
                process.kill()
                process.wait()
            service.process = None
        self._kill_orphans()

    def _kill_orphans(self) -> None:
        """A child that we did not start is what a dead service left behind."""
        while orphans := children(os.getpid()) - self._started():
            for pid in orphans:
                kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)  # its own children become ours: look again

    def _started(self) -> set[int]:
        return {service.process.pid for service in self._services if service.process}


def _rotate(log: Path) -> None:
    """Keep the log of the run before."""
    if log.exists():
        log.replace(log.with_suffix(".old.log"))
