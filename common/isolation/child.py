"""The program of a child: imports one function, gives up its rights, then runs it on one file after the other.

Started as a script by `parent.py`, never imported by the product. Talks over two pipes with frames of four bytes of
length and JSON, after which come as many raw bytes as the JSON says; what a library prints goes nowhere near them.
"""

import gc
import importlib
import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO


def main() -> None:
    root, parent_pid, memory_bytes, target = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    sys.path.insert(0, root)
    from common.isolation import lockdown  # noqa: PLC0415 - the path to the project is only known now

    lockdown.end_with_parent(parent_pid)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = _take_pipes()
    # Before the import: a thread that a library starts would otherwise keep the rights it was born with.
    network = lockdown.shut_network()
    function = _load(target)
    lockdown.set_limits(memory_bytes)
    # What was imported stays: left out of the collection after each file, which then takes no time.
    gc.freeze()
    _send(answers, {"ready": network})
    while (request := _receive(requests)) is not None:
        lockdown.allow_cpu(request["cpu_seconds"])
        _send(answers, *_answer(function, request))
        gc.collect()


def _answer(function: Callable[..., Any], request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        value = function(Path(request["path"]), **request["arguments"])
    except MemoryError:
        return {"memory": True}, b""
    except Exception as error:  # noqa: BLE001 - whatever a parser raises on a hostile file is the caller's to judge
        return {"raised": f"{type(error).__module__}.{type(error).__qualname__}", "message": str(error)[:2000]}, b""
    if isinstance(value, tuple):
        value, content = value
        return {"value": value, "bytes": len(content)}, content
    return {"value": value}, b""


def _load(target: str) -> Callable[..., Any]:
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keeps the two pipes under other numbers, so that a stray print cannot break a frame."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)
    os.close(nowhere)
    return requests, answers


def _receive(pipe: BinaryIO) -> dict[str, Any] | None:
    header = pipe.read(4)
    if len(header) < 4:  # noqa: PLR2004 - the parent closed its end
        return None
    frame: dict[str, Any] = json.loads(pipe.read(struct.unpack("!I", header)[0]))
    return frame


def _send(pipe: BinaryIO, frame: dict[str, Any], content: bytes = b"") -> None:
    body = json.dumps(frame, separators=(",", ":")).encode()
    pipe.write(struct.pack("!I", len(body)) + body + content)
    pipe.flush()


if __name__ == "__main__":
    main()
