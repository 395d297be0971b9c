"""A worker that dies at any statement of an import leaves what the next one finishes, as if nobody had died."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.enums import ImportSource, ImportState
from clients.importing import apply, undo
from clients.importing.run import run_import
from clients.models import Client, ClientAssignment, ImportJob, ImportRow
from clients.services import EDITABLE, assign, confirm_import, create_client, start_import, undo_import, update_client
from common.models import JournalEntry
from common.tenancy import tenant
from tests.clients.test_imports import read, reload, workbook
from tests.factories import Cabinet, make_cabinet, siren
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)

#: At which of its statements each worker in turn is killed; more than it has: it lives.
DEATHS = st.lists(st.integers(1, 60), min_size=1, max_size=2)


class Killed(BaseException):
    """Nothing of the product catches it, as nothing catches SIGKILL."""


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "CHUNK", 3)
    monkeypatch.setattr(undo, "CHUNK", 3)


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Closes the connection before this statement, so that the server gives up the open transaction, and unwinds."""
    left = statement

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            connection.close()
            raise Killed
        return execute(*arguments)

    try:
        with connection.execute_wrapper(count):
            yield
    except Killed:
        pass


def work(job: ImportJob, deaths: list[int]) -> None:
    for statement in deaths:
        with killed_at(statement):
            run_import(job.pk)
    run_import(job.pk)


@dataclass(frozen=True)
class Outcome:
    """All that an import leaves, without what differs from one firm and one minute to the next."""

    job: tuple[Any, ...]
    rows: list[tuple[Any, ...]]
    clients: list[tuple[Any, ...]]
    assignments: list[tuple[str, str]]
    journal: Counter[tuple[str, str]]


def outcome(cabinet: Cabinet, job: ImportJob) -> Outcome:
    people = {cabinet.assigned.user.contact_email: "assigned", cabinet.unassigned.user.contact_email: "unassigned"}

    def named(value: object) -> str:
        text = json.dumps(value, sort_keys=True)
        for email, name in people.items():
            text = text.replace(email, name)
        return text

    job = reload(job)
    with tenant(firm=cabinet.firm.pk):
        rows = (
            ImportRow.objects.filter(job=job)
            .order_by("number")
            .values_list(
                "number",
                "action",
                "siren",
                "values",
                "changes",
                "reasons",
                "warnings",
                "applied",
                "undone",
                "undo_reason",
            )
        )
        clients = Client.objects.exclude(pk=cabinet.client.pk).order_by("siren")
        assignments = ClientAssignment.objects.exclude(client=cabinet.client)
        journal = JournalEntry.objects.values_list("action", "object_label")
        return Outcome(
            job=(job.state, job.counts, job.rows_applied, job.rows_undone, job.wake_at),
            rows=[tuple(named(value) for value in row) for row in rows],
            clients=list(clients.values_list(*EDITABLE, "search", "version", "status")),
            assignments=sorted(
                (known, people[email])
                for known, email in assignments.values_list("client__siren", "membership__user__contact_email")
            ),
            journal=Counter(journal),
        )


def rows_for(cabinet: Cabinet) -> list[list[Any]]:
    """Nine good rows, four of which change a file, and two bad ones."""
    both = f"{cabinet.assigned.user.contact_email}, {cabinet.unassigned.user.contact_email}"
    good = [[f"Nouveau {n}", siren(n), "Paris", None, both if n in (1, 3, 7) else None] for n in range(1, 10)]
    return [*good, ["Ancien 4", siren(4)], ["Faux", "123456789"]]


def fill(cabinet: Cabinet) -> None:
    """Four files, one of which is somebody's."""
    for n in range(1, 5):
        client = create_client(cabinet.administrator, values={"name": f"Ancien {n}", "siren": siren(n), "city": "Lyon"})
        if n == 1:
            assign(cabinet.administrator, client=client, member=cabinet.assigned)


def life(dry: list[int], act: list[int], taking_back: list[int]) -> tuple[Outcome, Outcome]:
    """A firm that imports and takes back, its workers killed so: how it stands after the act, and at the end."""
    cabinet = make_cabinet()
    actor = cabinet.administrator
    fill(cabinet)
    data = workbook(rows_for(cabinet))
    job = start_import(actor, source=ImportSource.FILE, file_name="c.xlsx", chunks=(data,))
    work(job, dry)
    assert confirm_import(actor, job=reload(job)) is True
    work(job, act)
    after_act = outcome(cabinet, job)
    with tenant(firm=cabinet.firm.pk):
        changed = Client.objects.get(siren=siren(6))
    update_client(actor, client=changed, values={"city": "Nice"}, version=changed.version)
    undo_import(actor, job=job)
    work(job, taking_back)
    return after_act, outcome(cabinet, job)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dry=DEATHS, act=DEATHS, taking_back=DEATHS)
def test_workers_killed_anywhere_change_nothing(dry: list[int], act: list[int], taking_back: list[int]) -> None:
    assert life(dry, act, taking_back) == undisturbed()


@cache
def undisturbed() -> tuple[Outcome, Outcome]:
    return life([], [], [])


def test_undisturbed_import_and_its_undoing_leave_what_they_should() -> None:
    after_act, at_the_end = undisturbed()
    assert (after_act.job[0], at_the_end.job[0]) == (ImportState.DONE, ImportState.UNDONE)
    assert [client[:2] for client in after_act.clients] == [(f"Nouveau {n}", siren(n)) for n in range(1, 10)]
    assert [client[:2] for client in at_the_end.clients] == [
        *((f"Ancien {n}", siren(n)) for n in range(1, 5)),
        ("Nouveau 6", siren(6)),  # it was modified
    ]
    given = [(siren(n), name) for n in (1, 3, 7) for name in ("assigned", "unassigned")]
    assert (after_act.assignments, at_the_end.assignments) == (given, given[:1])
    assert set(at_the_end.journal.values()) == {1}


def confirmed(cabinet: Cabinet, rows: list[list[Any]]) -> ImportJob:
    job = read(cabinet.administrator, workbook(rows))
    assert confirm_import(cabinet.administrator, job=job) is True
    return job


def at_once(*jobs: ImportJob) -> None:
    works = [lambda pk=job.pk: run_import(pk) for job in jobs]
    assert together(*works) == [None] * len(jobs)


def written(job: ImportJob) -> dict[str, bool]:
    """SIREN → whether the act wrote the row; else it left it, with a reason."""
    with tenant(firm=job.firm_id):
        rows = ImportRow.objects.filter(job=job, applied=True)
        return {number: not reasons for number, reasons in rows.values_list("siren", "reasons")}


@pytest.mark.parametrize("_round", range(2))
def test_two_imports_at_once_write_each_client_once(_round: int) -> None:
    cabinet = make_cabinet()
    fill(cabinet)
    good = rows_for(cabinet)[:9]
    jobs = [read(cabinet.administrator, workbook(rows)) for rows in (good, good[::-1])]
    assert [confirm_import(cabinet.administrator, job=job) for job in jobs] == [True, True]
    at_once(*jobs)
    one, other = (written(job) for job in jobs)
    assert one.keys() == other.keys() == {siren(n) for n in range(1, 10)}
    assert {number: one[number] + other[number] for number in one} == dict.fromkeys(one, 1)
    left = outcome(cabinet, jobs[0])
    assert (left.clients, left.assignments) == (undisturbed()[0].clients, undisturbed()[0].assignments)
    assert {action: count for (action, _), count in left.journal.items() if count > 1} == {
        "import.started": 2,
        "import.confirmed": 2,
        "import.done": 2,
    }


@pytest.mark.parametrize("_round", range(2))
def test_file_that_is_taken_back_and_written_at_once_is_one_or_the_other(_round: int) -> None:
    cabinet = make_cabinet()
    fill(cabinet)
    first = confirmed(cabinet, rows_for(cabinet)[:9])
    run_import(first.pk)
    second = confirmed(cabinet, [[f"Dernier {n}", siren(n)] for n in range(9, 0, -1)])
    undo_import(cabinet.administrator, job=first)
    at_once(first, second)
    kept = written(second)
    with tenant(firm=cabinet.firm.pk):
        undone = dict(ImportRow.objects.filter(job=first).values_list("siren", "undone"))
        names = dict(Client.objects.exclude(pk=cabinet.client.pk).values_list("siren", "name"))
    assert undone == {number: not is_kept for number, is_kept in kept.items()}
    before = {siren(n): f"Ancien {n}" for n in range(1, 5)}
    assert names == before | {siren(n): f"Dernier {n}" for n in range(1, 10) if kept[siren(n)]}
