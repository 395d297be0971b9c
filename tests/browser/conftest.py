"""A real browser before the running stack. Without one these tests are skipped, or fail where REQUIRE_BROWSER=1."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import Visitors
from tests.stack import Stack

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_NONE = "no browser: install chromium (apt-get install chromium) or say where it is with CHROMIUM=/path/to/chromium"


@pytest.fixture(autouse=True)
def _empty_redis(browser: Browser, stack: Stack) -> None:
    """
    Takes the place of every other room's: no counter of a rate limit from the test before, in the stack's Redis.

    The browser is asked for first: without one the stack need not start.
    """
    stack.redis.flushall()


def _executable() -> str | None:
    given = os.environ.get("CHROMIUM")
    if given:
        return given if Path(given).is_file() else None
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Of the package, no longer: while Playwright's loop runs, Django forbids other tests in this process its ORM."""
    executable = _executable()
    if executable is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(_NONE)
        pytest.skip(_NONE)
    with sync_playwright() as playwright:
        # --no-sandbox: chromium has none to offer to root, nor in most containers. It opens our own pages only.
        running = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def visitors(browser: Browser, stack: Stack) -> Iterator[Visitors]:
    """People before their browsers; when they leave, none may have met a script's error or a refusal of the policy."""
    visitors = Visitors(browser, stack)
    yield visitors
    visitors.leave()
    assert visitors.troubles == []
