"""Fixtures that every room uses. The servers themselves are started by the plugin tests.services."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis
from django.test import TransactionTestCase

from jefacture.embedded import roles
from tests import services
from tests.flush import CleanState
from tests.stack import Stack


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one mark that use the stack run in one process (`--dist loadgroup`): it starts there only."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            mark = "browser" if item.get_closest_marker("browser") else "processes"
            item.add_marker(pytest.mark.xdist_group(mark))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> Iterator[None]:
    """Replaces pytest-django's: our database is a clone of a template that the owner migrated."""
    running = services.current()
    running.make_database()
    clean = CleanState(running.server.url(running.database))

    def teardown(_case: TransactionTestCase) -> None:
        clean.restore()

    with pytest.MonkeyPatch.context() as patch:
        # Django would truncate as the application role, which may not.
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
    clean.close()


@pytest.fixture(scope="session")
def _redis_client() -> Iterator[redis.Redis]:
    with redis.Redis(port=services.current().redis_port) as client:
        yield client


@pytest.fixture(autouse=True)
def _empty_redis(_redis_client: redis.Redis) -> None:
    """No counter of a rate limit and no message of the test before."""
    _redis_client.flushall()


@pytest.fixture
def owner(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner of the tables, in a session of its own that sees committed rows only."""
    with psycopg.connect(services.current().url(roles.OWNER), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A whole running jefacture; see tests/stack.py. `stack.reset()` empties it."""
    with Stack(services.current()) as running:
        yield running
