"""
Nothing is lost and nothing is done twice, whatever is killed or forgotten.

One storm over four offices: the worker is stopped, then killed in the middle of two imports, then of mail and deposits;
Redis forgets everything again and again. Each office must look afterwards as after an undisturbed day.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from tests.processes.conftest import BAD, DELIVERED, DEPOSITED, INVITED, ROWS, Office, end_leases, unfinished
from tests.stack import Stack

pytestmark = pytest.mark.processes
CALM_SECONDS = 60
GOOD = ROWS - BAD


@dataclass(frozen=True)
class Offices:
    reading: Office
    applying: Office
    sending: Office
    depositing: Office


@pytest.fixture(scope="module")
def after_storm(stack: Stack) -> Offices:
    stack.reset()
    offices = Offices(*(Office.opened(stack) for _ in range(4)))
    _stop_the_worker_and_flush(stack, offices)
    _kill_in_the_middle_of_imports(stack, offices)
    _kill_in_the_middle_of_deposits(stack, offices)
    stack.wait("the work of every office", lambda: _is_finished(stack, offices), seconds=CALM_SECONDS)
    return offices


def _stop_the_worker_and_flush(stack: Stack, offices: Offices) -> None:
    """What is queued while nobody works is forgotten by Redis."""
    job = offices.applying.start_reading()
    stack.wait("the dry run", lambda: _job(offices.applying)["state"] == "ready", seconds=30)
    stack.end("worker")
    offices.sending.invite()
    offices.sending.make_deliverable()
    stack.redis.flushall()
    offices.applying.confirm(job)
    offices.reading.start_reading()


def _kill_in_the_middle_of_imports(stack: Stack, offices: Offices) -> None:
    def in_the_middle() -> bool:
        """An attempt is counted before its work, which is one transaction here."""
        begun = offices.applying.count("clients_importjob", by="(state, attempts)::text")
        return _job(offices.reading)["state"] == "reading" and begun == {"(applying,1)": 1}

    stack.start("worker", wait=False)
    stack.wait("both imports", in_the_middle, seconds=30, every=0.01)
    stack.kill("worker")
    assert in_the_middle()
    stack.redis.flushall()


def _kill_in_the_middle_of_deposits(stack: Stack, offices: Offices) -> None:
    def sent() -> int:
        return offices.sending.count("outbox_outgoingemail", by="state").get("sent", 0)

    def filed() -> int:
        return offices.depositing.count("invoices_deposit", by="state").get("filed", 0)

    stack.start("worker", wait=False)
    stack.wait("the first e-mails", lambda: sent() >= 5, seconds=30, every=0.01)
    stack.redis.flushall()
    assert sent() < INVITED
    offices.depositing.deposit()
    stack.wait("the first deposits", lambda: filed() >= 1, seconds=40, every=0.01)
    stack.kill("worker")
    stack.redis.flushall()
    assert filed() < DEPOSITED
    end_leases(stack)
    stack.start("worker", wait=False)


def _is_finished(stack: Stack, offices: Offices) -> bool:
    # Beat opens deliveries and follows invitations every ten seconds: no row waits for it.
    opened = offices.sending.count("exports_delivery", by="state")
    followed = offices.sending.count("invitations_invitation", by="state")
    return unfinished(stack) == 0 and sum(opened.values()) == DELIVERED and "queued" not in followed


def _job(office: Office) -> dict[str, Any]:
    query = "SELECT state, rows_applied, counts FROM clients_importjob WHERE firm_id = %s"
    [(state, rows_applied, counts)] = office.stack.sql(query, office.firm)
    return {"state": state, "rows_applied": rows_applied, "counts": counts}


def test_import_killed_while_it_was_read_is_read_once(after_storm: Offices) -> None:
    office = after_storm.reading
    counts = {"create": GOOD, "update": 0, "unchanged": 0, "reject": BAD}
    assert _job(office) == {"state": "ready", "rows_applied": 0, "counts": counts}
    assert office.count("clients_importrow", by="action") == {"create": GOOD, "reject": BAD}
    assert office.count("clients_client", by="status") == {"active": 1, "created": 1}
    assert office.journal() == {"import.started": 1}


def test_import_killed_while_it_was_applied_is_applied_once(after_storm: Offices) -> None:
    office = after_storm.applying
    counts = {"create": GOOD, "update": 0, "unchanged": 0, "reject": BAD, "skipped": 0}
    assert _job(office) == {"state": "done", "rows_applied": GOOD, "counts": counts}
    assert office.count("clients_importrow", by="applied") == {True: GOOD, False: BAD}
    assert office.count("clients_client", by="status") == {"active": 1, "created": GOOD + 1}
    assert office.journal() == {
        "import.started": 1,
        "import.confirmed": 1,
        "client.imported": GOOD,
        "import.done": 1,
    }


def test_invitations_forgotten_by_redis_arrive_each_as_one_message(after_storm: Offices) -> None:
    office = after_storm.sending
    assert office.count("invitations_batchrow", by="state") == {"invited": INVITED}
    assert office.count("invitations_invitation", by="state") == {"sent": INVITED}
    assert office.count("clients_client", by="status") == {"active": 1, "created": 1, "invited": INVITED}
    assert office.journal()["invitation.created"] == INVITED
    assert office.count("outbox_outgoingemail", by="(kind, state)::text") == {
        "(invitation,sent)": INVITED,
        "(delivery,sent)": DELIVERED,
    }


def test_messages_that_arrived_are_those_that_were_meant(after_storm: Offices) -> None:
    stack = after_storm.sending.stack
    arrived = {(message["message_id"], message["to"][0]) for message in stack.messages()}
    meant = stack.sql("SELECT message_id, recipient FROM outbox_outgoingemail")
    assert len(meant) == INVITED + DELIVERED
    assert arrived == set(meant)


def test_deposits_read_by_a_killed_worker_are_filed_once(after_storm: Offices) -> None:
    office = after_storm.depositing
    third = DEPOSITED // 3
    assert office.count("invoices_deposit", by="state") == {"filed": DEPOSITED}
    assert office.count("invoices_invoice", by="state") == {"to_validate": DEPOSITED}
    assert office.count("invoices_firminvoice", by="state") == {"pending": DEPOSITED}
    assert office.count("invoices_invoiceevent", by="kind") == {"filed": DEPOSITED}
    assert office.count("invoices_invoicefile", by="kind") == {
        "original": DEPOSITED,
        "xml": third,
        "facturx": 2 * third,
    }
    assert set(office.count("invoices_invoicecheck", by="(invoice_id, rule_set)::text").values()) == {1}
    assert office.journal() == {"deposit.received": DEPOSITED, "invoice.filed": DEPOSITED}


def test_deliveries_queued_during_the_storm_leave_once(after_storm: Offices) -> None:
    office = after_storm.sending
    assert office.count("exports_delivery", by="state") == {"sent": DELIVERED}
    assert office.count("invoices_invoiceevent", by="kind") == {"delivered": DELIVERED}
    assert office.count("invoices_firminvoice", by="state") == {"to_transfer": DELIVERED}
    subjects = Counter(message["subject"] for message in office.stack.messages(to=f"{office.firm}@acd.test"))
    assert len(subjects) == DELIVERED
