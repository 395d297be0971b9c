import os
import signal
import socket
from pathlib import Path
from subprocess import Popen

import psycopg
import pytest

from jefacture.embedded import roles
from jefacture.embedded.configuration import Layout, load_secrets
from jefacture.embedded.database import digest
from jefacture.embedded.postgres import Postgres
from jefacture.embedded.processes import StartError, spawn, wait_until
from tests import services


def start(server: Postgres, *, log: Path) -> Popen[bytes]:
    server.prepare(log=log)
    process = spawn(server.argv, env=server.environment, log=log, cwd=Path("/"), ids=server.ids)
    assert wait_until(server.answers, seconds=30)
    return process


@pytest.mark.processes
def test_postgres_starts_again_after_a_kill_and_over_a_lock_file_of_a_living_stranger(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "data", port=free_port(), password="secret", durable=False)
    first = start(server, log=tmp_path / "log")
    first.kill()
    first.wait()
    lock = server.folder / "postmaster.pid"
    lock.write_text(lock.read_text().replace(str(first.pid), str(os.getppid()), 1))

    second = start(server, log=tmp_path / "log")
    second.send_signal(signal.SIGINT)

    assert second.wait(timeout=20) == 0


@pytest.mark.django_db
def test_application_role_owns_nothing_and_cannot_become_another() -> None:
    running = services.current()
    with psycopg.connect(running.url(roles.APPLICATION)) as connection:
        attributes = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolinherit, rolreplication"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert attributes == (False, False, False, False, False, False)
        owned = connection.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert owned.fetchone() == (0,)
        for refused in ("SET ROLE jefacture_owner", "CREATE TABLE public.mine ()", "TRUNCATE django_content_type"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(refused)


def test_layout_gives_each_server_a_port_after_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "21000")
    assert Layout.from_environment().ports == {
        "web": 21000,
        "comptexpert": 21001,
        "jedeclare": 21002,
        "smtp": 21003,
        "mail": 21004,
        "postgres": 21005,
        "redis": 21006,
        "company_directory": 21007,
        "returns": 21008,
    }


@pytest.mark.parametrize("text", ["80", "65530", "many", "-1"])
def test_layout_of_an_unusable_port_says_which(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(StartError, match=f"“{text}”"):
        Layout.from_environment()


def test_layout_names_the_busy_port() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert Layout(port).busy()["web"] == port


def test_secrets_are_kept_private_and_completed(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    first = load_secrets(file)
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text('{"SECRET_KEY": "kept"}')
    second = load_secrets(file)
    assert second["SECRET_KEY"] == "kept"
    assert second.keys() == first.keys()
    assert load_secrets(file) == second


def test_digest_changes_with_a_name_and_with_a_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = digest({tmp_path / "a"}, root=tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    second = digest({tmp_path / "b"}, root=tmp_path)
    (tmp_path / "b").write_text("2")
    third = digest({tmp_path / "b"}, root=tmp_path)
    assert len({first, second, third}) == 3


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
