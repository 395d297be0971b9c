"""The journal's seals: whatever somebody with the database's owner changes is found, and nobody waits for them."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import structlog
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from common import chain_check, chains
from common.chain_check import check_journal
from common.chains import NOBODYS, lock_of
from common.chains import seal_lines as seal_of
from common.journal import SYSTEM, record
from common.models import JournalEntry, JournalSeal
from common.tenancy import tenant
from tests import services

Owner = psycopg.Connection[Any]
FIRM, OTHER, COMPANY = UUID(int=7), UUID(int=8), UUID(int=9)


def seal_lines(*, everything: bool = False) -> int:
    return seal_of(JournalSeal, everything=everything)


def write(count: int = 1, **place: UUID | str) -> None:
    with tenant(**(place or {"firm": FIRM})):  # type: ignore[arg-type] # the names and types of tenant()
        for number in range(count):
            record(SYSTEM, "test.done", number=number)


def seals(chain: UUID = FIRM) -> list[tuple[int, int]]:
    """(position, line) of a chain, in its order."""
    with tenant(platform="a test reads the seals"):
        return list(JournalSeal.objects.filter(chain=chain).order_by("position").values_list("position", "id"))


def lines(owner: Owner) -> list[int]:
    return [row[0] for row in owner.execute("SELECT id FROM common_journalentry ORDER BY id")]


def found(*heads: str) -> list[tuple[str, int | None]]:
    """(problem, position) of what verify_journal finds."""
    output, code = verify(*heads)
    answer = json.loads(output)
    assert set(answer) == {"ok", "checked", "problems"}
    assert (answer["ok"], code) == ((True, 0) if not answer["problems"] else (False, 1))
    return [(problem["problem"], problem.get("position")) for problem in answer["problems"]]


def verify(*heads: str) -> tuple[str, int]:
    output = StringIO()
    try:
        call_command("verify_journal", *(f"--head={head}" for head in heads), stdout=output)
    except SystemExit as end:
        return output.getvalue(), int(end.code or 0)
    return output.getvalue(), 0


@pytest.fixture
def five(owner: Owner) -> Owner:
    """Five sealed lines of a firm, one of another."""
    write(5)
    write(firm=OTHER)
    assert seal_lines() == 6
    assert found() == []
    return owner


def test_every_column_of_a_line_is_sealed() -> None:
    assert {"data" if name == "data_text" else name for name in JournalSeal.sealed} == {
        field.attname for field in JournalEntry._meta.concrete_fields
    }


@pytest.mark.django_db
def test_each_line_has_one_place_in_the_chain_of_its_firm_company_or_nobody() -> None:
    write(2)
    write(company=COMPANY)
    write(firm=OTHER, company=COMPANY)
    write(platform="a line of nobody's")

    assert (seal_lines(), seal_lines(), seal_lines(everything=True)) == (5, 0, 0)

    write()
    assert seal_lines() == 1
    places = {chain: [position for position, _line in seals(chain)] for chain in (FIRM, OTHER, COMPANY, NOBODYS)}
    assert places == {FIRM: [1, 2, 3], OTHER: [1], COMPANY: [1], NOBODYS: [1]}
    assert check_journal().as_json() == {"ok": True, "checked": 6, "problems": []}


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'Quelqu''un d''autre'",
        "at = at - interval '1 second'",
        "data = '{}'",
        # More digits than a floating-point number holds.
        """data = '{"number": 2.0000000000000000000001}'""",
        "firm_id = NULL",
        "ip = '192.0.2.1'",
        "uid = gen_random_uuid()",
    ],
)
def test_altered_line_is_found_alone(five: Owner, change: str) -> None:
    five.execute(f"UPDATE common_journalentry SET {change} WHERE id = %s", [lines(five)[2]])
    assert found() == [("altered", 3)]


def test_removed_line_is_found(five: Owner) -> None:
    five.execute("DELETE FROM common_journalentry WHERE id = %s", [lines(five)[1]])
    assert found() == [("removed", 2)]


def test_line_removed_with_its_seal_is_found(five: Owner) -> None:
    line = lines(five)[1]
    five.execute("DELETE FROM common_journalentry WHERE id = %s", [line])
    five.execute("DELETE FROM common_journalseal WHERE id = %s", [line])
    assert found() == [("seals_missing", 3)]
    # And when the gap is closed.
    five.execute("UPDATE common_journalseal SET position = -position WHERE chain = %s AND position > 1", [FIRM])
    five.execute("UPDATE common_journalseal SET position = -position - 1 WHERE chain = %s AND position < 0", [FIRM])
    assert found() == [("altered", 2)]


def test_lines_in_another_order_are_found(five: Owner) -> None:
    second, third = lines(five)[1:3]
    for old, new in ((second, -1), (third, second), (-1, third)):
        five.execute("UPDATE common_journalentry SET id = %s WHERE id = %s", [new, old])
    assert found() == [("altered", 2), ("altered", 3)]


def test_seals_in_another_order_are_found(five: Owner) -> None:
    for old, new in ((2, -1), (3, 2), (-1, 3)):
        five.execute("UPDATE common_journalseal SET position = %s WHERE chain = %s AND position = %s", [new, FIRM, old])
    assert found() == [("altered", 2), ("altered", 3), ("altered", 4)]


def test_end_that_was_cut_off_is_found_by_the_head_that_the_log_told(owner: Owner) -> None:
    write(3)
    with structlog.testing.capture_logs() as logs:
        seal_lines()
    (told,) = (line for line in logs if line["event"] == "journal.sealed")
    head = f"{told['chain']}:{told['position']}:{told['hash']}"
    assert (told["chain"], told["position"], told["lines"]) == (str(FIRM), 3, 3)
    assert found(head) == []

    last = lines(owner)[-1]
    owner.execute("DELETE FROM common_journalentry WHERE id = %s", [last])
    owner.execute("DELETE FROM common_journalseal WHERE id = %s", [last])

    assert found() == []
    assert found(head) == [("cut", 3)]
    write()
    seal_lines()
    assert found(head) == [("cut", 3)]


def test_head_that_means_nothing_is_refused() -> None:
    with pytest.raises(CommandError, match="is not CHAIN:POSITION:HASH"):
        verify("rien")


@pytest.mark.django_db
def test_line_that_no_sealer_took_is_found_once_it_is_old_and_sealed_by_the_hourly_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write()
    assert found() == []
    with tenant(firm=FIRM):
        line = JournalEntry.objects.get()
        for _ in range(2):
            line.pk, line.uid, line.at = None, uuid4(), timezone.now() - timedelta(hours=3)
            line.save(force_insert=True)
    assert found() == [("unsealed", None), ("unsealed", None)]

    # A run every few seconds does not look so far back.
    assert (seal_lines(), found()) == (0, [("unsealed", None), ("unsealed", None)])
    with monkeypatch.context() as few:
        few.setattr(chain_check, "_MOST_PROBLEMS", 1)
        assert check_journal().as_json()["problems"][1:] == [{"problem": "more", "count": 1}]
    assert (seal_lines(everything=True), found()) == (3, [])


def test_line_committed_after_later_ones_is_sealed_behind_them(transactional_db: None) -> None:
    with psycopg.connect(services.current().url("jefacture_app")) as slow:
        slow.execute("SELECT set_config('app.firm', %s, true)", [str(FIRM)])
        ((late,),) = slow.execute(
            "INSERT INTO common_journalentry"
            " (uid, at, firm_id, actor, action, object_type, object_label, data, reference)"
            " VALUES (gen_random_uuid(), now(), %s, 'Lent', 'test.done', '', '', '{}', '') RETURNING id",
            [FIRM],
        ).fetchall()
        write()
        assert seal_lines() == 1
    assert seal_lines() == 1

    (first, second) = seals()
    assert (first[0], second) == (1, (2, late))
    assert first[1] > late
    assert found() == []


def test_while_one_sealer_works_another_does_nothing_and_a_killed_one_leaves_nothing(transactional_db: None) -> None:
    write(3)
    with psycopg.connect(services.current().url("jefacture_app")) as working:
        working.execute(
            "SELECT pg_advisory_xact_lock(%s), set_config('app.platform', 'a sealer', true)", [lock_of(JournalSeal)]
        )
        working.execute("INSERT INTO common_journalseal VALUES (1, %s, 1, 'half', now())", [FIRM])
        assert seal_lines() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [working.info.backend_pid])
        with pytest.raises(psycopg.errors.AdminShutdown):
            working.execute("SELECT 1")
    assert (seal_lines(), found()) == (3, [])


def test_sealers_at_once_make_one_chain(transactional_db: None) -> None:
    write(200)

    def seal() -> int:
        try:
            return sum(seal_lines() for _ in range(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sealed = [future.result() for future in [pool.submit(seal) for _ in range(4)]]

    assert sum(sealed) == 200
    assert [position for position, _line in seals()] == list(range(1, 201))
    assert found() == []


def test_batches_join(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "BATCH", 2)
    monkeypatch.setattr(chain_check, "BATCH", 2)
    write(7)
    assert (seal_lines(), found()) == (7, [])
    # The first and the last of a batch.
    for line in lines(owner)[1:3]:
        owner.execute("UPDATE common_journalentry SET actor = 'x' WHERE id = %s", [line])
    assert found() == [("altered", 2), ("altered", 3)]


def test_application_adds_seals_and_changes_none(five: Owner) -> None:
    for statement in (
        "UPDATE common_journalseal SET position = 9",
        "DELETE FROM common_journalseal",
        "TRUNCATE common_journalseal",
    ):
        with tenant(platform="a test tries to alter seals"), connection.cursor() as cursor:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)
