"""An import whose worker is killed at some moment of its dry run, of the act and of its undoing."""

import random
import time

import pytest

from tests.processes.conftest import BAD, ROWS, Office
from tests.stack import Stack

pytestmark = pytest.mark.processes
GOOD = ROWS - BAD
_SECONDS = 60


def _kill_at_some_moment_of(stack: Stack, office: Office, job: str, *, until: str) -> None:
    """Once the attempt has begun: in the middle or after its end, as it comes. Then the next worker finishes."""
    query = "SELECT state, attempts FROM clients_importjob WHERE id = %s"
    stack.wait(f"an attempt before {until}", lambda: stack.sql(query, job)[0][1] > 0, seconds=_SECONDS, every=0.01)
    time.sleep(random.uniform(0, 0.7))  # noqa: S311 - a moment, not a secret
    stack.kill("worker")
    stack.redis.flushall()
    stack.start("worker", wait=False)
    office.wake_worker(job)
    stack.wait(until, lambda: stack.sql(query, job)[0][0] == until, seconds=_SECONDS)


def test_worker_killed_in_each_stage_changes_nothing(stack: Stack) -> None:
    office = Office.opened(stack)
    job = office.start_reading()
    _kill_at_some_moment_of(stack, office, job, until="ready")
    assert office.count("clients_importrow", by="action") == {"create": GOOD, "reject": BAD}

    office.confirm(job)
    _kill_at_some_moment_of(stack, office, job, until="done")
    assert office.count("clients_client", by="status") == {"active": 1, "created": GOOD + 1}

    stack.sql("UPDATE clients_client SET version = version + 1 WHERE firm_id = %s AND name = 'Société 7'", office.firm)
    office.undo(job)
    _kill_at_some_moment_of(stack, office, job, until="undone")
    assert office.count("clients_client", by="status") == {"active": 1, "created": 2}
    assert office.count("clients_importrow", by="undone") == {True: GOOD - 1, False: 1, None: BAD}
    assert office.journal() == {
        "import.started": 1,
        "import.confirmed": 1,
        "client.imported": GOOD,
        "import.done": 1,
        "import.undo_started": 1,
        "client.removed": GOOD - 1,
        "import.undone": 1,
    }
