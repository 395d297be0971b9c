"""Looking up over real HTTP: what is found, what is remembered, and every way in which the directory may fail."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import redis
from pytest_django import Settings

from clients.directory import Answer, Outcome, company, lookup, search
from tests.clients.directory.conftest import StandIn

PONTS, UNKNOWN, SILENT = "441209327", "441209707", "441209608"


def serve(answer: bytes, *, drips: bytes = b"") -> str:
    """The address of a server that gives each call `answer`, then `drips` byte by byte; to SILENT, nothing."""
    listener = socket.create_server(("127.0.0.1", 0))

    def give(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if SILENT.encode() in connection.recv(65536):
                time.sleep(5)
            connection.sendall(answer)
            for byte in drips:
                time.sleep(0.02)
                connection.sendall(bytes([byte]))

    def run() -> None:
        while True:
            threading.Thread(target=give, args=[listener.accept()[0]], daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_siren_siret_and_name_find_their_company(stand_in: StandIn) -> None:
    found = company(PONTS).company
    assert found is not None
    assert (found.name, found.siret, found.street, found.postal_code, found.city) == (
        "BOULANGERIE DES DEUX PONTS",
        "44120932700010",
        "4 QUAI DES TANNEURS",
        "44000",
        "NANTES",
    )
    office = company("44120932700028").company
    assert office is not None
    assert (office.siret, office.street) == ("44120932700028", "20 ZONE ARTISANALE")
    assert [each.name for each in search("Boulangerie d").companies] == [
        "BOULANGERIE DES DEUX PONTS",
        "BOULANGERIE DE LA HALLE",
    ]


def test_unknown_number_and_too_short_a_name_are_not_found(stand_in: StandIn) -> None:
    assert [company(UNKNOWN), search("bo"), search(" \u200b "), search("zzz")] == [Answer(Outcome.NOT_FOUND)] * 4
    assert stand_in.asked == [UNKNOWN, "zzz"]


def test_answers_are_remembered(stand_in: StandIn, kept: redis.Redis) -> None:
    for _ in range(2):
        company(PONTS), company(UNKNOWN), search("Boulangerie D")
    search("boulangerie  d")
    assert stand_in.asked == [PONTS, UNKNOWN, "Boulangerie D"]
    hours = {round(kept.ttl(key) / 3600) for key in kept.scan_iter("*directory:1:*")}
    assert hours == {1, 24}


def test_company_found_by_name_needs_no_request_when_chosen(stand_in: StandIn) -> None:
    [chosen] = search("deux ponts").companies
    assert company(chosen.siret).company == company(PONTS).company == chosen
    assert stand_in.asked == ["deux ponts"]


def test_typed_name_is_not_kept_in_clear(kept: redis.Redis) -> None:
    search("deux ponts")
    assert [key for key in kept.scan_iter() if b"ponts" in key] == []


@pytest.mark.parametrize("fault", ["500", "garbage", "huge", "redirect"])
def test_answer_that_is_none_leaves_the_directory_alone_for_a_while(stand_in: StandIn, fault: str) -> None:
    stand_in.commit(fault)
    assert company(PONTS) == Answer(Outcome.AWAY)
    stand_in.behave()
    started = time.monotonic()
    assert company(PONTS) == Answer(Outcome.BUSY)
    assert time.monotonic() - started < 1
    assert stand_in.asked == []


def test_silent_or_dripping_directory_is_given_up_in_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "TOTAL_SECONDS", 1.0)
    dripping = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", drips=b" " * 900)
    settings.COMPANY_DIRECTORY_URL = dripping

    def timed(number: str) -> tuple[Answer, float]:
        started = time.monotonic()
        return company(number), time.monotonic() - started

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(timed, [PONTS, SILENT]))
    assert [answer for answer, _seconds in answers] == [Answer(Outcome.AWAY)] * 2
    assert [0.8 < seconds < 2.5 for _answer, seconds in answers] == [True, True]


@pytest.mark.parametrize("url", ["http://localhost:1", "http://annuaire.example", "https://localhost:1"])
def test_directory_that_is_down_or_not_https_is_away(settings: Settings, url: str) -> None:
    settings.COMPANY_DIRECTORY_URL = url
    assert company(PONTS) == Answer(Outcome.AWAY)


def test_retry_after_stops_everybody_until_then(stand_in: StandIn, kept: redis.Redis) -> None:
    stand_in.commit("429", seconds=30)
    assert company(PONTS) == Answer(Outcome.BUSY)
    stand_in.behave()
    assert (company(PONTS), search("boulangerie")) == (Answer(Outcome.BUSY),) * 2
    assert stand_in.asked == []
    kept.pexpire("directory:stop", 500)  # within the patience of a turn
    assert company(PONTS).outcome == Outcome.FOUND


def refuse(header: str) -> str:
    """The address of a directory that asks to wait."""
    return serve(f"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {header}\r\nContent-Length: 0\r\n\r\n".encode())


@pytest.mark.parametrize(("header", "seconds"), [("40", 40), ("999999999", 3600), ("0", 1), ("demain", 5)])
def test_retry_after_is_kept_within_bounds(settings: Settings, kept: redis.Redis, header: str, seconds: int) -> None:
    settings.COMPANY_DIRECTORY_URL = refuse(header)
    assert company(PONTS) == Answer(Outcome.BUSY)
    assert seconds - 0.9 < kept.pttl("directory:stop") / 1000 <= seconds


def test_retry_after_may_be_a_date(settings: Settings, kept: redis.Redis) -> None:
    settings.COMPANY_DIRECTORY_URL = refuse(format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True))
    assert company(PONTS) == Answer(Outcome.BUSY)
    assert 590 < kept.pttl("directory:stop") / 1000 <= 600


def test_without_redis_nobody_asks(stand_in: StandIn, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert company(PONTS) == Answer(Outcome.AWAY)
    assert stand_in.asked == []


def test_log_of_a_failure_holds_nothing_of_what_was_asked(stand_in: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    stand_in.commit("500")
    search("Jeanne Martin")
    [line] = [record.getMessage() for record in caplog.records if record.name == "clients.directory.lookup"]
    assert "status 500" in line
    assert "Jeanne" not in line
