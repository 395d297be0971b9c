"""Sending invitations: ours, with its row and states; smtplib alone as the limit; Django's own way as the peer."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID, uuid4

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from bench.database import database, free_port
from clients.models import Client
from common.tenancy import tenant
from common.typography import date_fr
from firms.models import Firm
from invitations.writing import write_message
from jefacture.embedded import redis
from jefacture.embedded.processes import wait_until
from outbox.enums import EmailKind, EmailState
from outbox.messages import build_message
from outbox.models import OutgoingEmail
from outbox.parts import Parts
from outbox.rendering import render_email
from outbox.services import leave, write
from outbox.services.sending import send_due

ROUNDS: Final = 5
MESSAGES: Final = 1_000
#: Invitations that one transaction of a batch leaves (invitations/services/batches.py).
_PER_TRANSACTION: Final = 100
TITLE: Final = f"Sending {MESSAGES} invitations to an SMTP server on loopback"
_FIRM_NAME: Final = "Cabinet Durand & Associés"
_SUBJECT: Final = f"{_FIRM_NAME} vous invite sur jefacture"
_WORDS: Final = "Nous changeons de logiciel le 1er janvier."
_FIRM: Final = uuid4()


def show() -> None:
    with database(), _redis(), _leaver() as leaver, _sink() as port:
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        ways: dict[str, Callable[[], None]] = {
            "limit: smtplib, one kept connection, one ready message": lambda: _raw(port),
            "ours: rendered and queued by a worker, sent by another": lambda: _ours(leaver),
            "ours, by one worker after the other": _ours_in_turn,
            "ours, from the queued row on": _ours_queued,
            "peer: Django, rendered, send_mail, a connection each": lambda: _peer(port),
        }
        _print(_measure(ways))


def _measure(ways: dict[str, Callable[[], None]]) -> dict[str, list[float]]:
    """Messages per second of each way, turn by turn."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        for name, way in ways.items():
            if name == "ours, from the queued row on":
                list(_leave())
            begun = time.perf_counter()
            way()
            if number:  # the first round warms
                rates[name].append(MESSAGES / (time.perf_counter() - begun))
    return rates


def _raw(port: int) -> None:
    message = _sample()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as connection:
        for _ in range(MESSAGES):
            connection.sendmail("ne-pas-repondre@jefacture.test", ["gerant@entreprise.test"], message)


def _ours(leaver: Connection) -> None:
    """As the product does it: a worker invites, chunk by chunk, and each commit wakes the worker that sends."""
    leaver.send(None)
    for _ in range(MESSAGES // _PER_TRANSACTION):
        send_due(leaver.recv())
    _assert_all_sent()


def _ours_in_turn() -> None:
    for _first in _leave():
        pass
    _ours_queued()


def _leave() -> Iterator[UUID]:
    """Leaves MESSAGES; gives the first of each transaction, once that has committed."""
    for _ in range(MESSAGES // _PER_TRANSACTION):
        with tenant(firm=_FIRM):
            emails = [_written() for _ in range(_PER_TRANSACTION)]
            leave(*emails)
        yield emails[0].pk


@contextmanager
def _leaver() -> Iterator[Connection]:
    """A process that leaves messages each time that it is told to, and tells of each commit."""
    here, there = Pipe()
    assert connection.connection is None  # else both would talk over it
    process = get_context("fork").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    yield here
    process.terminate()
    process.join()


def _serve(told: Connection) -> None:
    while True:
        told.recv()
        for first in _leave():
            told.send(first)


def _written() -> OutgoingEmail:
    message = write_message(_client(), link=_link(), expires_at=timezone.now(), words=_WORDS)
    return write(
        kind=EmailKind.INVITATION,
        recipient="gerant@entreprise.test",
        subject=message.subject,
        text=message.parts.text,
        html=message.parts.html,
        about=uuid4(),
    )


def _client() -> Client:
    name = f"Menuiserie Dupré {uuid4().hex[:8]}"
    return Client(firm=Firm(name=_FIRM_NAME), name=name, contact_first_name="Zoé")


def _link() -> str:
    return f"https://jefacture.example/invitation/{uuid4().hex}/"


def _ours_queued() -> None:
    with tenant(firm=_FIRM):
        first = OutgoingEmail.objects.filter(wake_at__isnull=False).values_list("pk", flat=True)[0]
    send_due(first)
    _assert_all_sent()


def _assert_all_sent() -> None:
    with tenant(firm=_FIRM):
        assert not OutgoingEmail.objects.exclude(state=EmailState.SENT).exists()


def _peer(port: int) -> None:
    for _ in range(MESSAGES):
        context = _context()
        connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port)
        message = EmailMultiAlternatives(
            _SUBJECT,
            render_to_string("email/invitation.txt", context),
            to=["gerant@entreprise.test"],
            connection=connection,
        )
        message.attach_alternative(render_to_string("email/invitation.html", context), "text/html")
        message.send()


def _context() -> dict[str, Any]:
    """As invitations.writing gives it to the templates."""
    client = _client()
    return {
        "subject": _SUBJECT,
        "client_name": client.name,
        "first_name": client.contact_first_name,
        "firm_name": _FIRM_NAME,
        "words": _WORDS,
        "until": date_fr(timezone.now()),
        "button_url": _link(),
        "button_label": "Ouvrir mon espace",
        "why": f"{_FIRM_NAME} tient la comptabilité de {client.name} et a indiqué cette adresse comme contact.",
    }


def _sample() -> bytes:
    body = render_email("invitation", _context())
    email = OutgoingEmail(
        kind=EmailKind.INVITATION,
        message_id="<1@jefacture.test>",
        recipient="gerant@entreprise.test",
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=_SUBJECT,
    )
    return build_message(email, Parts(text=body.text, html=body.html))


@contextmanager
def _redis() -> Iterator[None]:
    """One to be woken by: its message is part of the cost."""
    port = free_port()
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(redis.argv(Path(folder), port=port), stdout=subprocess.DEVNULL)
        try:
            assert wait_until(lambda: redis.answers(port), seconds=10)
            current_app.conf.update(broker_url=f"redis://127.0.0.1:{port}/0")
            yield
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _sink() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def _print(rates: dict[str, list[float]]) -> None:
    medians = {name: sorted(values)[len(values) // 2] for name, values in rates.items()}
    limit = next(iter(medians.values()))
    print(f"\n{TITLE}\n")
    print(f"{'':<58}{'messages/s':>12}{'of limit':>10}")
    for name, rate in medians.items():
        print(f"{name:<58}{rate:>12.0f}{rate / limit:>10.2f}")
