"""Sending invitations: ours, with its row and states; smtplib alone as the limit; Django's own way as the peer."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from bench.database import database, free_port
from common.tenancy import tenant
from jefacture.embedded import redis
from jefacture.embedded.processes import wait_until
from outbox.enums import EmailKind, EmailState
from outbox.messages import build_message
from outbox.models import OutgoingEmail
from outbox.parts import Parts
from outbox.rendering import render_email
from outbox.services import queue
from outbox.services.sending import send_due

ROUNDS: Final = 7
MESSAGES: Final = 300
#: Invitations that one transaction of a batch leaves (invitations/services/batches.py).
_PER_TRANSACTION: Final = 25
TITLE: Final = f"Sending {MESSAGES} invitations to an SMTP server on loopback"
_SUBJECT: Final = "Cabinet Durand & Associés vous invite sur jefacture"
_FIRM: Final = uuid4()


def show() -> None:
    with database(), _redis(), _sink() as port:
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        ways: dict[str, Callable[[], None]] = {
            "limit: smtplib, one kept connection, one ready message": lambda: _raw(port),
            "ours: rendered, queued, sent, states committed": _ours,
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
                _leave()
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


def _ours() -> None:
    _leave()
    _ours_queued()


def _leave() -> None:
    for _ in range(MESSAGES // _PER_TRANSACTION):
        with tenant(firm=_FIRM):
            for _ in range(_PER_TRANSACTION):
                body = render_email("invitation", _context())
                queue(
                    kind=EmailKind.INVITATION,
                    recipient="gerant@entreprise.test",
                    subject=_SUBJECT,
                    text=body.text,
                    html=body.html,
                    about=uuid4(),
                )


def _ours_queued() -> None:
    with tenant(firm=_FIRM):
        first = OutgoingEmail.objects.filter(wake_at__isnull=False).values_list("pk", flat=True)[0]
    send_due(first)
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
    return {
        "subject": _SUBJECT,
        "client": {"name": "Menuiserie Dupré", "contact_first_name": "Zoé"},
        "firm_name": "Cabinet Durand & Associés",
        "expires_at": timezone.now(),
        "button_url": f"https://jefacture.example/invitation/{uuid4().hex}/",
        "button_label": "Ouvrir mon espace",
        "why": "Cabinet Durand & Associés tient la comptabilité de Menuiserie Dupré.",
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
