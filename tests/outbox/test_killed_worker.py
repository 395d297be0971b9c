"""A worker killed between the server's 250 and its own commit."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from common.tenancy import tenant
from outbox.enums import EmailKind, EmailState
from outbox.models import OutgoingEmail
from outbox.services import queue
from outbox.services.sending import send_due
from tests.outbox.smtp_server import Recorder

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

_ROOT = Path(__file__).parents[2]
_WORKER = "import sys, django; django.setup(); from outbox.tasks import send; send(sys.argv[1])"


def test_message_taken_by_the_server_and_not_committed_goes_again_as_the_same_message(smtp: Recorder) -> None:
    firm = uuid4()
    with tenant(firm=firm):
        email = queue(kind=EmailKind.ACCOUNT, recipient="a@b.test", subject="Objet", text="Texte", html="<p>Texte</p>")
    environment = os.environ | {"SMTP_URL": smtp.url}
    worker = subprocess.Popen([sys.executable, "-c", _WORKER, str(email.pk)], env=environment, cwd=_ROOT)
    smtp.before_answer = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(timeout=60) == -signal.SIGKILL
    with tenant(firm=firm):
        left = OutgoingEmail.objects.get(pk=email.pk)
    assert (left.state, left.attempts) == (EmailState.QUEUED, 1)
    smtp.before_answer = lambda: None
    send_due(email.pk)
    assert [message["Message-ID"] for message in smtp.messages] == [email.message_id] * 2
    assert smtp.raw[0] == smtp.raw[1]
    with tenant(firm=firm):
        assert OutgoingEmail.objects.get(pk=email.pk).state == EmailState.SENT


def test_worker_killed_amid_many_repeats_few_and_loses_none(smtp: Recorder) -> None:
    firm = uuid4()
    with tenant(firm=firm):
        emails = [
            queue(kind=EmailKind.ACCOUNT, recipient=f"a{n}@b.test", subject="Objet", text="Texte") for n in range(90)
        ]
    environment = os.environ | {"SMTP_URL": smtp.url}
    worker = subprocess.Popen([sys.executable, "-c", _WORKER, str(emails[0].pk)], env=environment, cwd=_ROOT)

    def kill_at_the_sixtieth() -> None:
        if len(smtp.raw) == 60:
            os.kill(worker.pid, signal.SIGKILL)

    smtp.before_answer = kill_at_the_sixtieth
    assert worker.wait(timeout=60) == -signal.SIGKILL
    smtp.before_answer = lambda: None
    with tenant(platform="the lease of the killed worker ends"):
        OutgoingEmail.objects.filter(wake_at__isnull=False).update(wake_at=timezone.now())
        left = list(OutgoingEmail.objects.filter(wake_at__isnull=False).order_by("attempts"))
    for email in left:
        send_due(email.pk)
    seen = Counter(message["Message-ID"] for message in smtp.messages)
    assert set(seen) == {email.message_id for email in emails}
    assert max(seen.values()) <= 2
    assert sum(seen.values()) - len(emails) <= 25
    with tenant(firm=firm):
        assert set(OutgoingEmail.objects.values_list("state", flat=True)) == {EmailState.SENT}
