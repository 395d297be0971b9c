"""
An undoing whose worker is killed in the middle. The dry run and the act are killed in the storm of test_faults.py, and
each statement of all three in tests/clients/test_import_survival.py.
"""

import pytest

from tests.processes.conftest import BAD, ROWS, Office
from tests.stack import Stack

pytestmark = pytest.mark.processes
GOOD = ROWS - BAD
_SECONDS = 60


def test_worker_killed_while_an_import_is_taken_back_changes_nothing(stack: Stack) -> None:
    def reaches(state: str) -> None:
        query = "SELECT state FROM clients_importjob WHERE id = %s"
        stack.wait(state, lambda: stack.value(query, job) == state, seconds=_SECONDS)

    def undone() -> int:
        return int(stack.value("SELECT rows_undone FROM clients_importjob WHERE id = %s", job))

    office = Office.opened(stack)
    job = office.start_reading()
    reaches("ready")
    office.confirm(job)
    reaches("done")
    stack.sql("UPDATE clients_client SET version = version + 1 WHERE firm_id = %s AND name = 'Société 7'", office.firm)
    office.undo(job)
    stack.wait("its first rows", undone, seconds=_SECONDS, every=0.01)
    stack.kill("worker")
    assert 0 < undone() < GOOD
    stack.redis.flushall()
    stack.start("worker", wait=False)
    office.wake_worker(job)
    reaches("undone")

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
