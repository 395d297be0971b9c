"""
`python -m tests.stack_hands`: acts inside the stack's own settings, database and Redis, for a test that asks for it.

One JSON object per line on standard input, one per line back: {"target": "module:function", "arguments": {…}} calls a
function, {"code": "…"} runs statements and gives back what they leave in `result`.
"""

import importlib
import json
import os
import sys
import traceback
from typing import Any

import django
from django.db import connections


def main() -> None:
    # What is printed or logged meanwhile goes to the log, never between two answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    django.setup()
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line)), default=str) + "\n")
        answers.flush()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"value": _run(request)}
    except Exception:  # noqa: BLE001 - the test that asked shows it
        return {"error": traceback.format_exc()}
    finally:
        connections.close_all()


def _run(request: dict[str, Any]) -> Any:
    if "code" in request:
        names: dict[str, Any] = {}
        exec(request["code"], names)  # noqa: S102 - written in our own tests
        return names.get("result")
    module, _, function = request["target"].partition(":")
    return getattr(importlib.import_module(module), function)(**request["arguments"])


if __name__ == "__main__":
    main()
