"""
A batch of invitations, then their reminders, whose worker is killed again and again while Redis forgets everything.

One e-mail per intent: a server may see the same message twice, under one Message-ID, and never two messages for one
invitation. INVITATIONS=1000 in the environment makes the batch as large as a firm's first one.
"""

import os
import random
import time
from collections import defaultdict
from collections.abc import Callable

import pytest

from tests.processes.conftest import Office, end_leases, unfinished
from tests.stack import Stack

pytestmark = pytest.mark.processes

MANY = int(os.environ.get("INVITATIONS", "200"))
KILLS = 3
_SECONDS = 120


@pytest.fixture(scope="module")
def office(stack: Stack) -> Office:
    """Whose batch has come through the kills."""
    office = Office.opened(stack)
    stack.call("tests.processes.acts:invite_many", member=office.member, count=MANY)
    for kill in range(1, KILLS + 1):
        # Half of what there is to do is inviting, the other half sending.
        _kill_after(stack, lambda: _invited(office) + _sent(office), at_least=2 * MANY * kill // (KILLS + 2))
        if kill == 1:
            stack.redis.flushall()
        _sweep(stack)
        stack.start("worker", wait=False)
    _finish(stack, office, sent=MANY)
    return office


def _kill_after(stack: Stack, progress: Callable[[], int], *, at_least: int) -> None:
    stack.wait(f"{at_least} steps", lambda: progress() >= at_least, seconds=_SECONDS, every=0.005)
    time.sleep(random.uniform(0, 0.1))  # noqa: S311 - a moment, not a secret
    stack.kill("worker")


def _sweep(stack: Stack) -> None:
    end_leases(stack)
    _run(stack, "common.tasks.sweep")


def _finish(stack: Stack, office: Office, *, sent: int) -> None:
    stack.wait("the work", lambda: unfinished(stack) == 0 and _sent(office) == sent, seconds=_SECONDS)


def _invited(office: Office) -> int:
    return int(office.stack.value("SELECT sum(done) FROM invitations_invitationbatch WHERE firm_id = %s", office.firm))


def _sent(office: Office) -> int:
    return office.count("outbox_outgoingemail", by="state").get("sent", 0)


def _message_ids(office: Office) -> dict[str, set[str]]:
    """Of the messages that arrived, by the invitation's address."""
    query = "SELECT email FROM invitations_invitation WHERE firm_id = %s"
    invited = {email for (email,) in office.stack.sql(query, office.firm)}
    arrived: dict[str, set[str]] = defaultdict(set)
    for message in office.stack.messages():
        if message["to"][0] in invited:
            arrived[message["to"][0]].add(message["message_id"])
    return arrived


def test_each_client_of_a_killed_batch_gets_one_message(office: Office) -> None:
    assert office.count("invitations_batchrow", by="state") == {"invited": MANY}
    assert office.count("invitations_invitation", by="reminders") == {0: MANY}
    assert office.count("outbox_outgoingemail", by="state") == {"sent": MANY}
    assert office.journal() == {"invitation.batch_started": 1, "invitation.created": MANY}
    arrived = _message_ids(office)
    assert [len(ids) for ids in arrived.values()] == [1] * MANY
    meant = office.stack.sql("SELECT message_id FROM outbox_outgoingemail WHERE firm_id = %s", office.firm)
    assert {message_id for ids in arrived.values() for message_id in ids} == {message_id for (message_id,) in meant}


def test_each_client_is_reminded_once_by_runs_that_meet_and_are_killed(office: Office) -> None:
    stack = office.stack
    _let_a_week_pass(stack, office)
    _run_reminders(stack)
    _kill_after(stack, lambda: _reminded(office), at_least=MANY // 4)
    stack.redis.flushall()
    _sweep(stack)
    stack.start("worker", wait=False)
    while _reminded(office) < MANY:
        _run_reminders(stack)
        time.sleep(0.2)
    _run_reminders(stack)
    _finish(stack, office, sent=2 * MANY)

    assert office.count("invitations_invitation", by="reminders") == {1: MANY}
    assert office.count("outbox_outgoingemail", by="state") == {"sent": 2 * MANY}
    assert office.journal()["invitation.reminded"] == MANY
    assert [len(ids) for ids in _message_ids(office).values()] == [2] * MANY


def _let_a_week_pass(stack: Stack, office: Office) -> None:
    stack.sql(
        "INSERT INTO invitations_invitationsettings (id, firm_id, words, reminder_days, max_reminders)"
        " VALUES (gen_random_uuid(), %s, '', 7, 2)",
        office.firm,
    )
    stack.sql(
        "UPDATE invitations_invitation SET state = 'sent', renewed_at = now() - interval '7 days' WHERE firm_id = %s",
        office.firm,
    )


def _run_reminders(stack: Stack) -> None:
    """As beat does, twice at once."""
    _run(stack, "invitations.tasks.remind", times=2)


def _run(stack: Stack, task: str, *, times: int = 1) -> None:
    stack.run(f"from celery import current_app\nfor _ in range({times}): current_app.send_task('{task}')")


def _reminded(office: Office) -> int:
    return int(office.stack.value("SELECT sum(reminders) FROM invitations_invitation WHERE firm_id = %s", office.firm))
