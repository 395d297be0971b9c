"""The processes of a demo: what each is started with, in the order in which they start."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from jefacture.embedded import postgres, redis
from jefacture.embedded.configuration import HOST, Layout
from jefacture.embedded.postgres import Postgres
from jefacture.embedded.processes import MARKER
from jefacture.embedded.supervisor import Service

_LEASH = [sys.executable, "-m", "jefacture.embedded.leash"]


def servers(layout: Layout, *, server: Postgres, folder: Path, logs: Path) -> list[Service]:
    (folder / "redis").mkdir(exist_ok=True)
    return [
        Service(
            "postgres",
            server.argv,
            env=server.environment,
            tier=0,
            stop_signal=signal.SIGINT,
            death_signal=postgres.DEATH_SIGNAL,
            stop_seconds=10,
            ids=server.ids,
            prepare=lambda: server.prepare(log=logs / "initdb.log"),
        ),
        Service(
            "redis",
            redis.argv(folder / "redis", port=layout.ports["redis"]),
            env={"PATH": os.environ.get("PATH", "")},
            tier=0,
        ),
    ]


def sandboxes(layout: Layout, *, env: Mapping[str, str], folder: Path) -> list[Service]:
    """The people and services around jefacture, played by sandbox/."""
    ports = {name: str(port) for name, port in layout.ports.items()}
    site = layout.url("web")
    comptexpert = [
        *("--port", ports["comptexpert"]),
        # To the letter what the web believes it to be: a description under another name is refused.
        *("--issuer", env["COMPTEXPERT_ISSUER"]),
        *("--client-id", env["COMPTEXPERT_CLIENT_ID"]),
        f"--client-secret={env['COMPTEXPERT_CLIENT_SECRET']}",  # in one word: it may begin with a dash
        *("--redirect-uri", f"{site}/comptexpert/retour/"),
        "--any-loopback-redirect",
        *("--backchannel-logout-uri", f"http://{HOST}:{layout.base}/comptexpert/deconnexion-serveur/"),
    ]
    mail = [
        *("--smtp-port", ports["smtp"], "--http-port", ports["mail"], "--maildir", str(folder / "mail")),
        *("--returns-port", ports["returns"]),
    ]
    plain = {name: value for name, value in env.items() if name in {"PATH", "HOME", "LANG", "PYTHONUNBUFFERED", MARKER}}
    return [
        Service(name, [*_LEASH, f"sandbox.{name}", *options], env=plain, tier=1)
        for name, options in (
            ("comptexpert", comptexpert),
            ("jedeclare", ["--port", ports["jedeclare"]]),
            ("mail", mail),
            ("company_directory", ["--port", ports["company_directory"]]),
        )
    ]


def applications(layout: Layout, *, env: Mapping[str, str], folder: Path) -> list[Service]:
    celery = [*_LEASH, "celery", "-A", "jefacture"]
    web = [
        *(*_LEASH, "granian", "jefacture.wsgi:application"),
        *("--interface", "wsgi", "--host", HOST, "--port", str(layout.base)),
        *("--workers", "1", "--blocking-threads", "8", "--workers-kill-timeout", "3", "--no-ws"),
    ]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "info", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "info", "--schedule", str(folder / "beat"), "--pidfile="]
    returns = [*_LEASH, "manage", "receive_mail"]
    programs = (("web", web), ("worker", worker), ("beat", beat), ("returns", returns))
    return [Service(name, argv, env=env, tier=2) for name, argv in programs]
