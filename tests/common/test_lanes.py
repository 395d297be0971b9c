import threading

import pytest
from django.db import connection, transaction

from common.lanes import in_two_lanes
from jefacture.embedded.processes import wait_until

BOTH_ARE_THERE_WITHIN = 10


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def is_connected(server: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [server])
        return bool(cursor.rowcount)


@pytest.mark.django_db(transaction=True)
def test_two_are_done_at_once_each_with_a_connection_of_its_own() -> None:
    both = threading.Barrier(2, timeout=BOTH_ARE_THERE_WITHIN)
    done: list[tuple[int, int]] = []

    def work(item: int) -> None:
        both.wait()  # passes when the other lane is here too
        done.append((item, backend()))

    in_two_lanes(range(4), work)
    assert sorted(item for item, _ in done) == [0, 1, 2, 3]
    assert len({server for _, server in done}) == 2


@pytest.mark.django_db(transaction=True)
def test_error_in_either_lane_is_raised_and_nothing_more_is_begun() -> None:
    both = threading.Barrier(2, timeout=BOTH_ARE_THERE_WITHIN)
    begun: list[int] = []
    failing: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if threading.current_thread() is not threading.main_thread():
            failing.append(backend())
            both.wait()
            raise ValueError(item)
        both.wait()
        assert wait_until(lambda: not is_connected(failing[0]), seconds=BOTH_ARE_THERE_WITHIN)

    def begin() -> None:
        in_two_lanes(range(4), work)

    with pytest.raises(ValueError, match=r"[01]"):
        begin()
    assert sorted(begun) == [0, 1]


@pytest.mark.django_db
def test_inside_a_transaction_there_is_one_lane() -> None:
    servers: list[int] = []
    with transaction.atomic():
        in_two_lanes(range(3), lambda _item: servers.append(backend()))
        assert servers == [backend()] * 3


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.django_db(transaction=True)
def test_nothing_and_one_are_done_in_the_lane_that_is_there(count: int) -> None:
    done: list[tuple[int, threading.Thread]] = []
    in_two_lanes(range(count), lambda item: done.append((item, threading.current_thread())))
    assert done == [(item, threading.main_thread()) for item in range(count)]
