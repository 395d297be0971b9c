"""Against the stand-in as a process, and against servers that misbehave."""

import socket
import threading
import time
import traceback
from pathlib import Path

import pytest

from clients.importing.columns.header import find_header
from clients.importing.plan import PlanCounts, plan_rows
from clients.importing.sources import SourceKind, open_source
from clients.importing.sources.jedeclare_http import (
    Credentials,
    JedeclareError,
    NoRight,
    ServiceDown,
    UnknownAccount,
    WrongCredentials,
    fetch_client_files,
    only_account,
)

ROOT = Path(__file__).parents[4]
ACCOUNT = "JD104512"
PASSWORD = "jedeclare"
PATIENCE = 10.0
SECRET = "s3cr€t-très-privé"


def serve_once(answer: bytes, *, pause: float = 0.0) -> str:
    """The address of a server that gives one call these bytes, one every `pause` seconds."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as connection:
            connection.recv(65536)
            for at in range(len(answer)) if pause else ():
                try:
                    connection.sendall(answer[at : at + 1])
                except OSError:
                    return
                time.sleep(pause)
            if not pause:
                connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.processes
@pytest.mark.parametrize("account", [None, "", ACCOUNT])
def test_client_files_are_fetched_and_planned(jedeclare: str, tmp_path: Path, account: str | None) -> None:
    xml = fetch_client_files(jedeclare, Credentials(" cabinet@jedeclare.test ", PASSWORD), account, timeout=PATIENCE)
    (tmp_path / "jedeclare.xml").write_bytes(xml)
    with open_source(tmp_path / "jedeclare.xml", kind=SourceKind.JEDECLARE) as sheets:
        counts = PlanCounts()
        counts.add(plan_rows(find_header(sheets)))
    assert (dict(counts.actions), counts.warned) == ({"create": 247}, 3)


@pytest.mark.processes
@pytest.mark.parametrize(
    ("email", "password", "account", "error"),
    [
        ("cabinet@jedeclare.test", SECRET, None, WrongCredentials),
        ("inconnu@jedeclare.test", PASSWORD, ACCOUNT, WrongCredentials),
        ("sansdroit@jedeclare.test", PASSWORD, None, NoRight),
        ("cabinet@jedeclare.test", PASSWORD, "JD/../1?x", UnknownAccount),
        ("panne@jedeclare.test", PASSWORD, None, ServiceDown),
    ],
)
def test_each_failure_is_told_apart(
    jedeclare: str, email: str, password: str, account: str | None, error: type[JedeclareError]
) -> None:
    with pytest.raises(error) as raised:
        fetch_client_files(jedeclare, Credentials(email, password), account, timeout=PATIENCE)
    assert str(raised.value) == str(error())


@pytest.mark.processes
def test_slow_service_is_waited_for_within_the_time_given(jedeclare: str) -> None:
    assert (
        fetch_client_files(jedeclare, Credentials("lent@jedeclare.test", PASSWORD), ACCOUNT, timeout=PATIENCE)[:5]
        == b"<?xml"
    )
    started = time.monotonic()
    with pytest.raises(ServiceDown):
        fetch_client_files(jedeclare, Credentials("lent@jedeclare.test", PASSWORD), ACCOUNT, timeout=0.3)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"rubbish",
        b"HTTP/1.1 500 Oops\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<a>",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Maintenance</html>",
    ],
)
def test_service_that_misbehaves_is_down(answer: bytes) -> None:
    with pytest.raises(ServiceDown):
        fetch_client_files(serve_once(answer), Credentials("a@b.fr", SECRET), ACCOUNT, timeout=PATIENCE)


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-Drip: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_service_that_drips_is_given_up(start: bytes) -> None:
    address = serve_once(start + b"x" * 1000, pause=0.01)
    started = time.monotonic()
    with pytest.raises(ServiceDown):
        fetch_client_files(address, Credentials("a@b.fr", SECRET), ACCOUNT, timeout=0.6)
    assert 0.5 < time.monotonic() - started < 3


def test_nobody_listening_is_down() -> None:
    with pytest.raises(ServiceDown):
        fetch_client_files("http://127.0.0.1:1", Credentials("a@b.fr", SECRET), timeout=PATIENCE)


def test_credentials_never_leave_without_tls() -> None:
    with pytest.raises(ServiceDown) as raised:
        fetch_client_files("http://jedeclare.example", Credentials("a@b.fr", SECRET), timeout=PATIENCE)
    assert "vos identifiants n'ont pas été envoyés" in str(raised.value)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://[", "http://127.0.0.1:70000"])
def test_no_error_nor_its_frames_show_the_credentials(address: str) -> None:
    credentials = Credentials("privee@cabinet.fr", SECRET)
    with pytest.raises((ServiceDown, ValueError)) as raised:
        fetch_client_files(address, credentials, timeout=PATIENCE)
    assert (raised.value.__context__, raised.value.__cause__) == (None, None)
    told = "".join(traceback.TracebackException.from_exception(raised.value, capture_locals=True).format())
    assert "credentials = <" in told
    assert [word for word in (SECRET, "privee@cabinet.fr") if word in told] == []


def test_several_accounts_are_to_be_chosen_from() -> None:
    xml = '<comptes xmlns="http://jedeclare.com/gestion">{}</comptes>'
    assert only_account(xml.format("<compte><id> JD1 </id></compte>").encode()) == "JD1"
    with pytest.raises(UnknownAccount, match=r"plusieurs comptes jedeclare\.com \(JD1, JD2\)"):
        only_account(xml.format("<compte><id>JD1</id></compte><compte><id>JD2</id></compte>").encode())
    with pytest.raises(UnknownAccount):
        only_account(xml.format("").encode())
    with pytest.raises(ServiceDown):
        only_account(b"<html>")
