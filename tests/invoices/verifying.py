"""The archive as `verify_archive` finds it."""

import json
from io import StringIO
from typing import Any

from django.core.management import call_command


def verify(*heads: str) -> list[dict[str, Any]]:
    """The problems that the command names."""
    output, code = StringIO(), 0
    try:
        call_command("verify_archive", *(f"--head={head}" for head in heads), stdout=output)
    except SystemExit as end:
        code = int(end.code or 0)
    answer = json.loads(output.getvalue())
    assert set(answer) == {"ok", "checked", "problems"}
    assert (answer["ok"], code) == ((True, 0) if not answer["problems"] else (False, 1))
    problems: list[dict[str, Any]] = answer["problems"]
    return problems


def found(*names: str) -> list[tuple[Any, ...]]:
    return [tuple(problem.get(name) for name in ("problem", *names)) for problem in verify()]
