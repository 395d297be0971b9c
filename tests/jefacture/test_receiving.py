"""Mail that comes back, over real SMTP: who may write, and what it makes of the message."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from common.tenancy import tenant
from outbox.enums import EmailKind, EmailState
from outbox.models import OutgoingEmail
from outbox.returns import return_address
from outbox.services import queue
from outbox.services.sending import send_due
from tests.outbox.conftest import smtp  # noqa: F401 - a fixture
from tests.outbox.smtp_server import Recorder

pytestmark = pytest.mark.django_db(transaction=True)

_REPORTS = Path(__file__).parents[1] / "outbox" / "reports"
_FIRM = uuid4()


@pytest.fixture(autouse=True)
def _domain(settings: Settings) -> None:
    settings.BOUNCE_DOMAIN = "retours.jefacture.test"


def leave(recipient: str = "gerant@entreprise.test") -> OutgoingEmail:
    with tenant(firm=_FIRM):
        return queue(kind=EmailKind.INVITATION, recipient=recipient, subject="Objet", text="Bonjour")


def row(email: OutgoingEmail) -> OutgoingEmail:
    with tenant(firm=_FIRM):
        return OutgoingEmail.objects.get(pk=email.pk)


def come_back(port: int, address: str, name: str = "postfix", *, sender: str = "") -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="mx.test", timeout=20) as connection:
        connection.sendmail(sender, [address], _report(name))


def _report(name: str) -> bytes:
    return (_REPORTS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


def test_message_leaves_under_its_own_return_address_and_comes_back_to_its_row(smtp: Recorder, port: int) -> None:  # noqa: F811
    email, other = leave(), leave("autre@entreprise.test")
    send_due(email.pk)
    assert smtp.senders == [return_address(email), return_address(other)]
    assert {message["From"] for message in smtp.messages} == {"jefacture <ne-pas-repondre@jefacture.test>"}

    come_back(port, smtp.senders[0])

    found = row(email)
    assert found.state == EmailState.BOUNCED
    assert found.last_error == (
        "Cette adresse n'existe pas. Réponse du serveur : 550 5.1.1 <gerant@entreprise.test>: "
        "Recipient address rejected: User unknown in virtual mailbox table"
    )
    assert row(other).state == EmailState.SENT


def test_envelope_is_the_sender_s_where_no_domain_receives(smtp: Recorder, settings: Settings) -> None:  # noqa: F811
    settings.BOUNCE_DOMAIN = ""
    send_due(leave().pk)
    assert smtp.senders == ["ne-pas-repondre@jefacture.test"]


def test_report_that_overtakes_our_commit_counts(port: int) -> None:
    email = leave()
    come_back(port, return_address(email))
    assert (row(email).state, row(email).wake_at, bytes(row(email).sealed_body)) == (EmailState.BOUNCED, None, b"")


@pytest.mark.parametrize("name", ["qmail", "exim", "exchange", "gmail", "expired"])
def test_report_of_any_kind_of_server_counts(port: int, name: str) -> None:
    email = leave()
    come_back(port, return_address(email), name)
    assert row(email).state == EmailState.BOUNCED


def test_second_report_changes_nothing(port: int) -> None:
    email = leave()
    come_back(port, return_address(email).upper())
    before = row(email).last_error
    come_back(port, return_address(email), "gmail")
    assert row(email).last_error == before


@pytest.mark.parametrize("name", ["delayed", "holiday", "exim_warning", "person"])
def test_what_is_no_report_is_taken_and_changes_nothing(port: int, name: str) -> None:
    email = leave()
    come_back(port, return_address(email), name, sender="gerant@entreprise.test")
    assert row(email).state == EmailState.QUEUED


def test_stranger_s_addresses_are_refused_before_a_word_is_said(port: int, settings: Settings) -> None:
    good = return_address(leave())
    local, _, domain = good.partition("@")
    forged = f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}"
    elsewhere = f"{local}@jefacture.test"
    for address in (forged, elsewhere, f"postmaster@{domain}", f"rebond-{uuid4().hex}@{domain}"):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            come_back(port, address)
        assert refused.value.recipients[address][0] == 550


def test_key_that_was_replaced_still_signs_what_left_before(port: int, settings: Settings) -> None:
    email = leave()
    address = return_address(email)
    settings.ENCRYPTION_KEYS = ["b3RoZXItdGVzdC1rZXktb3RoZXItdGVzdC1rZXktISE=", *settings.ENCRYPTION_KEYS]
    assert return_address(email) != address
    come_back(port, address)
    assert row(email).state == EmailState.BOUNCED


def test_one_message_reports_about_one(port: int) -> None:
    first, second = return_address(leave()), return_address(leave())
    with smtplib.SMTP("127.0.0.1", port, local_hostname="mx.test", timeout=20) as connection:
        connection.ehlo()
        connection.mail("")
        assert [connection.rcpt(address)[0] for address in (first, second)] == [250, 452]


def test_loop_and_too_large_a_message_are_refused(port: int) -> None:
    email = leave()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="mx.test", timeout=20) as connection:
        connection.ehlo()
        assert connection.mail("", ["size=41000000"])[0] == 552
        connection.mail("")
        connection.rcpt(return_address(email))
        assert connection.data(b"Received: from a by b\r\n" * 60 + _report("postfix"))[0] == 554
    assert row(email).state == EmailState.QUEUED


@pytest.mark.parametrize("port", ["lmtp"], indirect=True)
def test_report_comes_by_lmtp_too(port: int) -> None:
    email = leave()
    with smtplib.LMTP("127.0.0.1", port, local_hostname="mx.test") as connection:
        connection.sendmail("", [return_address(email)], _report("exchange"))
    assert row(email).last_error.startswith("Ce domaine ne reçoit pas d'e-mail.")


@pytest.mark.processes
def test_command_listens_and_ends_when_told(settings: Settings) -> None:
    email = leave()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"BOUNCE_DOMAIN": settings.BOUNCE_DOMAIN, "RECEIVE_MAIL_LISTEN": f"smtp://127.0.0.1:{port}"}
    command = subprocess.Popen([sys.executable, "manage.py", "receive_mail"], env=os.environ | own, cwd=_ROOT)
    try:
        _until_it_listens(port)
        come_back(port, return_address(email))
        assert row(email).state == EmailState.BOUNCED
    finally:
        command.send_signal(signal.SIGTERM)
        assert command.wait(timeout=20) == 0


_ROOT = Path(__file__).parents[2]


def _until_it_listens(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        threading.Event().wait(0.1)
    raise AssertionError("receive_mail does not listen")
