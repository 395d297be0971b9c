"""One list of work, done by two threads: PostgreSQL works for both at once, while Python mostly waits."""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Final, TypeVar, cast

from django.db import connection

_Item = TypeVar("_Item")
_NONE: Final = object()


def in_two_lanes(items: Iterable[_Item], work: Callable[[_Item], None]) -> None:
    """
    Call `work` for each item, in order but two at a time; each call opens the transaction that it needs.

    The first error ends both lanes after what they are at, and is raised. In an open transaction there is one lane:
    another connection would see nothing of what it wrote.
    """
    waiting = deque(items)

    def lane() -> None:
        try:
            while (item := _next(waiting)) is not _NONE:
                work(cast("_Item", item))
        except BaseException:
            waiting.clear()
            raise

    if len(waiting) <= 1 or connection.in_atomic_block:
        lane()
        return
    with ThreadPoolExecutor(max_workers=1) as thread:
        other = thread.submit(copy_context().run, _with_its_own_connection, lane)
        lane()
        other.result()


def _with_its_own_connection(lane: Callable[[], None]) -> None:
    try:
        lane()
    finally:
        connection.close()


def _next(waiting: deque[_Item]) -> _Item | object:
    """Asking first whether one is left would leave the other lane time to take it."""
    try:
        return waiting.popleft()
    except IndexError:
        return _NONE
