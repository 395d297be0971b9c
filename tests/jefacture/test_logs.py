"""What looks like a secret never reaches a log line in clear, whichever way it comes in."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from logging.config import dictConfig
from typing import Any
from uuid import UUID

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from common.masking import mask
from jefacture.settings.logs import LOGGING

SECRET = "Aa1-_" * 9
KEY = f"jf_{SECRET[:43]}"
MASKED = "jf_Aa1-_A…"


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (f"key jf_{SECRET}", "key jf_Aa1-_A…"),
        (f"GET /invitation/{SECRET}/ 200", "GET /invitation/…/ 200"),
        (f"GET /mot-de-passe/nouveau/2k-{SECRET}/ 302", "GET /mot-de-passe/nouveau/…/ 302"),
        (f"GET /compte/adresse/Mg:1xVlQE:{SECRET}/ 200", "GET /compte/adresse/…/ 200"),
        (f"Authorization: Bearer {SECRET}", "Authorization: Bearer …"),
        ("Authorization: Basic YTpi", "Authorization: Basic …"),
        (f"postgres://app:{SECRET}@db:5432/x", "postgres://app:…@db:5432/x"),
        ("GET /comptexpert/retour/?code=abc&state=def 302", "GET /comptexpert/retour/?code=…&state=… 302"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secret_in_a_line_is_masked(line: str, masked: str) -> None:
    assert mask(line) == masked


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines that the product's own configuration writes on standard error."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    former, level = root.handlers[:], root.level
    dictConfig(LOGGING)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = former
    root.setLevel(level)


class Caller:
    """An object whose own words hold the key."""

    def __repr__(self) -> str:
        return f"<Caller {KEY}>"


def _log_message() -> None:
    logging.getLogger("tests.keys").warning("key %s", KEY)


def _log_values() -> None:
    structlog.get_logger("tests.keys").warning(f"got {KEY}", key=KEY, pairs=[{"key": (KEY, 1)}], caller=Caller())


def _log_name_of_a_value() -> None:
    structlog.get_logger("tests.keys").warning("got", headers={KEY: {"a", KEY}})


def _log_context() -> None:
    with bound_contextvars(path=f"/comapi/{KEY}"):
        structlog.get_logger("tests.keys").warning("got")


def _fail() -> None:
    raise KeyError(KEY)


def _log_exception() -> None:
    try:
        _fail()
    except KeyError:
        logging.getLogger("tests.keys").exception("failed")


def _log_cause() -> None:
    try:
        try:
            _fail()
        except KeyError as error:
            raise RuntimeError("elsewhere") from error
    except RuntimeError:
        structlog.get_logger("tests.keys").exception("failed")


@pytest.mark.parametrize(
    "log", [_log_message, _log_values, _log_name_of_a_value, _log_context, _log_exception, _log_cause]
)
def test_key_is_masked_however_it_is_logged(log: Callable[[], None], lines: Callable[[], list[dict[str, Any]]]) -> None:
    log()
    [line] = lines()
    text = json.dumps(line, ensure_ascii=False)
    assert (KEY in text, SECRET[:20] in text, MASKED in text) == (False, False, True)


def test_other_values_are_as_they_were(lines: Callable[[], list[dict[str, Any]]]) -> None:
    pk = UUID(int=7)
    structlog.get_logger("tests.keys").warning("done", count=3, rate=0.5, ok=True, none=None, pk=pk, names=("a", "b"))
    [line] = lines()
    assert {name: line[name] for name in ("event", "count", "rate", "ok", "none", "pk", "names")} == {
        "event": "done",
        "count": 3,
        "rate": 0.5,
        "ok": True,
        "none": None,
        "pk": repr(pk),
        "names": ["a", "b"],
    }
