"""A PostgreSQL of a bench's own, as the demo's: durable, migrated by its owner, used as the application.

    with database():
        firm = Firm.objects.create(…)
        with tenant(firm=firm.pk):
            …

Each `with` begins with an empty database and throws it away. `python -m bench` has loaded Django before it imports a
bench, which may therefore import models and services like any other module. Processes started inside find the same
database.
"""

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import environ
import psycopg
from django.db import connection

from jefacture.embedded import roles
from jefacture.embedded.postgres import DEATH_SIGNAL, Postgres
from jefacture.embedded.processes import StartError, run, spawn, tail, wait_until

ROOT: Final = Path(__file__).parents[1]
_NAME: Final = "bench"
_PASSWORD: Final = "bench-only"  # noqa: S105 - of a server on the loopback that lives as long as the bench


@contextmanager
def database() -> Iterator[None]:
    """Start the server, migrate and let Django use it until the end of the block."""
    folder = ROOT / "var" / "bench" / str(os.getpid())
    folder.mkdir(parents=True)
    log = folder / "postgres.log"
    server = Postgres(folder / "postgres", port=free_port(), password=_PASSWORD)
    server.prepare(log=log)
    process = spawn(server.argv, env=server.environment, log=log, cwd=ROOT, death_signal=DEATH_SIGNAL, ids=server.ids)
    try:
        if not wait_until(server.answers, seconds=30):
            raise StartError(f"PostgreSQL does not answer:\n{tail(log)}")
        _make(server, log=folder / "migrate.log")
        _connect(server)
        yield
    finally:
        connection.close()
        process.send_signal(DEATH_SIGNAL)
        process.wait(timeout=30)
        shutil.rmtree(folder)


def _make(server: Postgres, *, log: Path) -> None:
    roles.ensure_roles(server, owner_password=_PASSWORD, application_password=_PASSWORD)
    roles.ensure_database(server, _NAME)
    owner = {"JEFACTURE_DB_ROLE": "owner", "DATABASE_OWNER_URL": server.url(_NAME, role=roles.OWNER)}
    run([sys.executable, "manage.py", "migrate", "--skip-checks"], env=os.environ | owner, cwd=ROOT, log=log)


def _connect(server: Postgres) -> None:
    url = server.url(_NAME, role=roles.APPLICATION)
    os.environ["DATABASE_URL"] = url
    connection.close()
    connection.settings_dict |= environ.Env.db_url_config(url)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settle() -> None:
    """As autovacuum does within a minute after many rows have come."""
    here = connection.settings_dict
    with psycopg.connect(
        host=here["HOST"],
        port=here["PORT"],
        dbname=here["NAME"],
        user=roles.OWNER,
        password=here["PASSWORD"],
        autocommit=True,
    ) as owner:
        owner.execute("VACUUM ANALYZE")
