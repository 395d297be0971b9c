"""Fixtures that every room uses. The servers themselves are started by the plugin tests.services."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis
from django.test import TransactionTestCase

from jefacture.embedded import roles
from tests import scheduling, services
from tests.flush import CleanState
from tests.stack import Stack


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> scheduling.Scheduling:
    # In the order of collection: xdist would begin with the units of most tests, which are quick ones.
    config.option.loadscopereorder = False
    return scheduling.Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that use the stack come first: they take longest."""
    items.sort(key=lambda item: not scheduling.uses_stack(item))


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
def redis_client() -> Iterator[redis.Redis]:
    with redis.Redis(port=services.current().redis_port) as client:
        yield client


@pytest.fixture(autouse=True)
def _empty_redis(redis_client: redis.Redis) -> None:
    """No counter of a rate limit and no message of the test before."""
    redis_client.flushall()


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
