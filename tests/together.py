"""Acts at the same moment, each in a thread with a database connection of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import psycopg
from django.db import connection

from jefacture.embedded import roles
from jefacture.embedded.processes import wait_until
from tests import services


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act answered, or the exception in its place. Needs a test with `transaction=True`."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=10)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@contextmanager
def in_the_background() -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """A function that starts an act; the block ends once every act has. Needs a test with `transaction=True`."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        yield lambda act: pool.submit(run, act)


def wait_until_blocked(number: int) -> None:
    """Return once that many sessions of this database wait for what another one holds."""
    query = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pg_blocking_pids(pid) <> '{}'"
    with psycopg.connect(services.current().url(roles.OWNER), autocommit=True) as looking:
        assert wait_until(lambda: looking.execute(query).rowcount == number, seconds=10)
