"""One thread of this process that starts every child.

The kernel's « end with the parent » follows the thread that started the child, not the process: a child started from a
web server's short-lived thread would be ended with it.
"""

import queue
import subprocess
import threading
from concurrent.futures import Future
from typing import Any, ClassVar


class Spawner:
    _jobs: ClassVar["queue.SimpleQueue[tuple[Future[subprocess.Popen[bytes]], list[str], dict[str, Any]]] | None"] = (
        None
    )
    _lock: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def start(cls, command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        with cls._lock:
            if cls._jobs is None:
                cls._jobs = queue.SimpleQueue()
                threading.Thread(target=cls._run, args=(cls._jobs,), name="isolation-spawner", daemon=True).start()
            jobs = cls._jobs
        future: Future[subprocess.Popen[bytes]] = Future()
        jobs.put((future, command, options))
        return future.result()

    @classmethod
    def forget(cls) -> None:
        """After a fork only the forking thread is left: the next child needs a new spawner."""
        cls._jobs = None
        cls._lock = threading.Lock()

    @staticmethod
    def _run(jobs: "queue.SimpleQueue[tuple[Future[subprocess.Popen[bytes]], list[str], dict[str, Any]]]") -> None:
        while True:
            future, command, options = jobs.get()
            try:
                future.set_result(subprocess.Popen(command, **options))
            except OSError as error:
                future.set_exception(error)
