"""The parent's side: one child per purpose, handed one file at a time, watched, replaced."""

import contextlib
import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final, Literal

from common.isolation.errors import Crashed, IsolationError, OutOfMemory, Raised, TimedOut
from common.isolation.spawner import Spawner

ROOT: Final = Path(__file__).resolve().parents[2]
CHILD_PROGRAM: Final = str(Path(__file__).with_name("child.py"))
START_SECONDS: Final = 60.0
FILES_PER_CHILD: Final = 500
MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024
WATCH_SECONDS: Final = 0.05
HEADER_BYTES: Final = 4
PIPE_BYTES: Final = 64 * 1024
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
MEMORY_SIGNS: Final = (
    b"MemoryError",
    b"bad_alloc",
    b"OutOfMemory",
    b"out of memory",
    b"Cannot allocate memory",
    b"memory allocation of",
)
#: Saxon's machine code (GraalVM) ends so when it is given no more memory, and may print nothing.
OUT_OF_HEAP_EXIT: Final = 99


def _within(size: Any) -> int:
    """A length that a child states: it may be anything."""
    if not isinstance(size, int) or not 0 <= size <= MAX_ANSWER_BYTES:
        raise Crashed(f"answer of {size} bytes")
    return size


class Child:
    """A running child. `ask` raises an IsolationError and leaves the child ended on every breach."""

    def __init__(self, target: str, memory_bytes: int) -> None:
        self.files = 0
        self._memory_bytes = memory_bytes
        # Only a file that vanishes with the process: what a parser prints may quote the document.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self._process = Spawner.start(
            [sys.executable, "-I", "-B", CHILD_PROGRAM, str(ROOT), str(os.getpid()), str(memory_bytes), target],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd="/",
            env={"LANG": "C.UTF-8", "TZ": "Europe/Paris", "PATH": "/usr/bin:/bin"},
        )
        try:
            self.network = str(self._exchange(None, deadline=time.monotonic() + START_SECONDS, watched=False)["ready"])
        except BaseException:
            self.end()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, path: Path, arguments: dict[str, Any], *, wall_seconds: float, cpu_seconds: int) -> Any:
        self.files += 1
        request = {"path": str(path), "arguments": arguments, "cpu_seconds": cpu_seconds}
        try:
            answer = self._exchange(request, deadline=time.monotonic() + wall_seconds, watched=True)
        except BaseException:
            self.end()
            raise
        if "bytes" in answer:
            return answer["value"], answer["content"]
        if "value" in answer:
            return answer["value"]
        if "memory" in answer:
            self.end()
            raise OutOfMemory("memory limit reached")
        raise Raised(answer["raised"], answer["message"])

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self.close()

    def close(self) -> None:
        """Lets go of the pipes only: what a forked copy of this process may do to a child that is not its own."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._log.close()

    def _exchange(self, request: dict[str, Any] | None, *, deadline: float, watched: bool) -> dict[str, Any]:
        if request is not None:
            self._write(json.dumps(request).encode())
        received = self._read(bytearray(), HEADER_BYTES, deadline=deadline, watched=watched)
        end = HEADER_BYTES + _within(struct.unpack_from("!I", received)[0])
        self._read(received, end, deadline=deadline, watched=watched)
        try:
            answer: dict[str, Any] = json.loads(received[HEADER_BYTES:end])
        except ValueError as error:
            raise Crashed("answer that is not JSON") from error
        if "bytes" in answer:
            self._read(received, end + _within(answer["bytes"]), deadline=deadline, watched=watched)
            answer["content"] = bytes(received[end:])
        return answer

    def _write(self, body: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe above
        try:
            self._process.stdin.write(struct.pack("!I", len(body)) + body)
            self._process.stdin.flush()
        except OSError:
            raise self._reason() from None

    def _read(self, received: bytearray, size: int, *, deadline: float, watched: bool) -> bytearray:
        """Adds to `received` until it holds `size` bytes: as much as there is at a time, nothing follows an answer."""
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe above
        if len(received) >= size:
            return received
        descriptor = self._process.stdout.fileno()
        with selectors.PollSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while len(received) < size:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimedOut("wall clock ran out")
                if not selector.select(min(left, WATCH_SECONDS)):
                    if watched and self._memory() > self._memory_bytes:
                        raise OutOfMemory("memory limit passed")
                    continue
                part = os.read(descriptor, PIPE_BYTES)
                if not part:
                    raise self._reason()
                received += part
        return received

    def _memory(self) -> int:
        """Resident memory of its own, in bytes: what RLIMIT_DATA does not see (stacks, shared anonymous pages)."""
        try:
            fields = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()
        except OSError:
            return 0
        return (int(fields[1]) - int(fields[2])) * PAGE_BYTES

    def _reason(self) -> IsolationError:
        """Why the pipe broke, told from how the child ended."""
        code = self._wait()
        tail = self._tail()
        if code == -signal.SIGXCPU:
            return TimedOut("processor time ran out")
        if code == OUT_OF_HEAP_EXIT or any(sign in tail for sign in MEMORY_SIGNS):
            return OutOfMemory("memory limit reached")
        return Crashed(f"child ended with {code}: {tail.decode(errors='replace')[-500:]}")

    def _wait(self) -> int | Literal["no exit"]:
        try:
            return self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "no exit"

    def _tail(self) -> bytes:
        size = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, size - 2000))
        return self._log.read()
