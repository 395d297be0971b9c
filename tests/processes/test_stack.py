"""The stack itself: it answers, and it leaves nothing behind."""

import pytest
import requests

from jefacture.embedded.processes import marked
from tests import services
from tests.stack import Stack

pytestmark = pytest.mark.processes


def test_stack_serves_its_pages(stack: Stack) -> None:
    assert requests.get(f"{stack.url}/connexion/", timeout=10).status_code == 200
    assert requests.get(f"{stack.url}/readyz", timeout=10).json()["ready"] is True


def test_stack_starts_soon_and_leaves_no_process() -> None:
    with Stack(services.current(), name="second") as second:
        assert second.value("SELECT count(*) FROM firms_firm") == 0
        assert second.run("result = 1 + 1") == 2
        assert len(marked(second.folder)) >= 8
    assert marked(second.folder) == set()
