"""Web, beat and Redis die as well: who was answered is served, and /readyz says what is missing."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.factories import PASSWORD
from tests.processes.acts import make_file
from tests.processes.conftest import Office, unfinished
from tests.stack import Stack

pytestmark = pytest.mark.processes


@pytest.fixture
def office(stack: Stack) -> Iterator[Office]:
    """An office on an emptied stack; whatever a test killed is started again."""
    stack.reset()
    yield Office.opened(stack)
    for name in ("redis", "web", "worker", "beat"):
        if not stack.is_running(name):
            stack.start(name)


class Browser:
    """The company's owner, with a session."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.site = office.stack.url
        self.http = requests.Session()
        self.http.trust_env = False

    def sign_in(self) -> None:
        answer = self._post("/connexion/", {"login": self.office.email, "password": PASSWORD})
        assert (answer.status_code, "/connexion/" in answer.url) == (200, False)

    def upload(self, *numbers: int) -> int:
        """Deposit these files in one form; the status after the redirect."""
        files = [("file", make_file(number, buyer_siren=self.office.siren)) for number in numbers]
        return self._post(f"/entreprises/{self.office.siren}/deposer/", files=files).status_code

    def _post(self, path: str, data: dict[str, str] | None = None, **options: Any) -> requests.Response:
        page = self.http.get(self.site + path, timeout=15)
        assert page.status_code == 200, page.text
        token = {"csrfmiddlewaretoken": self.http.cookies["jefacture_csrf"]}
        return self.http.post(self.site + path, {**(data or {}), **token}, timeout=15, **options)


def readiness(stack: Stack) -> tuple[int, dict[str, bool]]:
    answer = requests.get(f"{stack.url}/readyz", timeout=15)
    return answer.status_code, answer.json()["checks"]


def filed(office: Office) -> dict[str, int]:
    return office.count("invoices_deposit", by="state")


def test_web_killed_after_its_answer_has_lost_nothing(office: Office) -> None:
    stack, browser = office.stack, Browser(office)
    browser.sign_in()
    assert browser.upload(1, 2) == 200
    stack.kill("web")
    stack.start("web")
    assert browser.upload(1, 2, 4) == 200
    stack.wait("the deposits", lambda: filed(office) == {"filed": 3}, seconds=60)
    assert office.journal()["deposit.received"] == 3


def test_beat_killed_wakes_forgotten_work_when_it_is_back(office: Office) -> None:
    stack = office.stack
    stack.kill("beat")
    stack.end("worker")
    office.start_reading()
    stack.redis.flushall()
    stack.sql("UPDATE clients_importjob SET wake_at = now()")
    stack.start("worker")
    stack.start("beat")
    stack.wait("the import", lambda: unfinished(stack) == 0, seconds=60)
    assert office.count("clients_importjob", by="state") == {"ready": 1}


def test_work_taken_in_while_redis_is_away_is_done_when_it_is_back(office: Office) -> None:
    stack, browser = office.stack, Browser(office)
    stack.kill("redis")
    browser.sign_in()
    assert browser.upload(1) == 200
    assert readiness(stack) == (503, {"database": True, "redis": False, "storage": True, "worker": True})
    stack.sql("UPDATE invoices_deposit SET wake_at = now()")
    stack.start("redis")
    stack.wait("the deposit", lambda: filed(office) == {"filed": 1}, seconds=60)
    stack.wait("readiness", lambda: readiness(stack)[0] == 200, seconds=15)


def test_worker_unseen_for_a_minute_is_not_ready(office: Office) -> None:
    stack = office.stack
    stack.end("worker")
    stack.sql("UPDATE common_heartbeat SET at = now() - interval '61 seconds'")
    assert readiness(stack) == (503, {"database": True, "redis": True, "storage": True, "worker": False})
    stack.start("worker")
    assert readiness(stack)[0] == 200


def test_database_sessions_that_were_cut_are_opened_again(office: Office) -> None:
    stack, browser = office.stack, Browser(office)
    browser.sign_in()
    stack.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'jefacture_app'"
    )
    assert [browser.upload(number) for number in (1, 2, 3)] == [200, 200, 200]
    stack.wait("the deposits", lambda: filed(office) == {"filed": 3}, seconds=60)
