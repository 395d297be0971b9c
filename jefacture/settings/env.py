"""Reading the environment: every setting has a name, a form, and one sentence when it is missing or malformed."""

import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

# FileAwareEnv also reads NAME from the file that NAME_FILE points to.
_env = environ.FileAwareEnv()
_UNSET = object()


def stop(sentence: str) -> NoReturn:
    """End the start-up with one sentence and no traceback."""
    sys.stderr.write(f"jefacture: {sentence}\n")
    raise SystemExit(78)  # EX_CONFIG


def text(name: str, default: object = _UNSET) -> str:
    return _read(name, lambda: str(_env.str(name)), default)


def boolean(name: str, *, default: bool) -> bool:
    return _read(name, lambda: bool(_env.bool(name)), default)


def integer(name: str, *, default: int) -> int:
    return _read(name, lambda: int(_env.int(name)), default)


def words(name: str, default: object = _UNSET) -> list[str]:
    """Comma-separated values."""
    return _read(name, lambda: [word.strip() for word in _env.list(name) if word.strip()], default)


def address(name: str, *, schemes: tuple[str, ...], default: object = _UNSET) -> str:
    """An absolute URL with one of `schemes`; without its final slash."""
    value = text(name, default)
    parts = urlsplit(value)
    try:
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        port_is_number = False
    if parts.scheme not in schemes or not (parts.netloc or parts.path.strip("/")) or not port_is_number:
        stop(f"the setting {name} must be an address that starts with {' or '.join(f'{s}://' for s in schemes)}.")
    return value.rstrip("/")


def _read(name: str, read: Callable[[], T], default: object) -> T:
    try:
        value = read()
    except ImproperlyConfigured:
        if default is _UNSET:
            stop(f"the setting {name} is missing. Give it in the environment, or its file's path in {name}_FILE.")
        return default  # type: ignore[return-value] # the caller gives a default of the type that it reads
    except (ValueError, OSError) as error:
        stop(f"the setting {name} is malformed or its file cannot be read ({type(error).__name__}).")
    if value == "" and default is _UNSET:
        stop(f"the setting {name} is empty.")
    return value
