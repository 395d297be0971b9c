"""Leaving messages, sending them once, and what a server's answers make of them."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from common.tenancy import NoTenantError, tenant
from outbox.enums import EmailKind, EmailState
from outbox.models import OutgoingEmail
from outbox.parts import Attachment
from outbox.services import InvalidAddressError, cancel, queue
from outbox.services.sending import MAX_ATTEMPTS, send_due
from outbox.tasks import send
from tests.outbox.smtp_server import Recorder

pytestmark = pytest.mark.django_db(transaction=True)

FIRM = uuid4()


def leave(recipient: str = "gerant@entreprise.test", **fields: object) -> OutgoingEmail:
    arguments = {"subject": "Objet", "text": "Bonjour Élodie", "html": "<p>Bonjour Élodie</p>"} | fields
    with tenant(firm=FIRM):
        return queue(kind=EmailKind.INVITATION, recipient=recipient, **arguments)  # type: ignore[arg-type] # queue's own


def row(email: OutgoingEmail) -> OutgoingEmail:
    with tenant(firm=FIRM):
        return OutgoingEmail.objects.get(pk=email.pk)


def test_message_arrives_once_with_its_row_s_message_id_and_its_body_is_emptied(smtp: Recorder) -> None:
    email = leave()
    send(str(email.pk))
    send(str(email.pk))
    [message] = smtp.messages
    assert message["Message-ID"] == email.message_id
    assert message["To"] == "gerant@entreprise.test"
    assert message["From"] == "jefacture <ne-pas-repondre@jefacture.test>"
    assert smtp.senders == ["ne-pas-repondre@jefacture.test"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    bodies = {part.get_content_type(): part.get_content().strip() for part in message.iter_parts()}
    assert bodies == {"text/plain": "Bonjour Élodie", "text/html": "<p>Bonjour Élodie</p>"}
    sent = row(email)
    assert (sent.state, sent.wake_at, bytes(sent.sealed_body)) == (EmailState.SENT, None, b"")
    assert sent.sent_at is not None


def test_message_in_a_firm_s_name_is_answered_to_the_firm(smtp: Recorder) -> None:
    send(str(leave(sender_name="Cabinet « Été »,\nLyon", reply_to="contact@été.test").pk))
    [message] = smtp.messages
    assert message["From"] == '"Cabinet « Été », Lyon via jefacture" <ne-pas-repondre@jefacture.test>'
    assert message["Reply-To"] == "contact@xn--t-9fab.test"


def test_a_long_name_with_accents_is_kept_and_sent_as_it_reads(smtp: Recorder) -> None:
    name = "Société d'expertise « Élan », " + "é" * 80
    email = leave(sender_name=name)
    send(str(email.pk))
    shown = f'"{name[:100]} via jefacture" <ne-pas-repondre@jefacture.test>'
    [message] = smtp.messages
    assert row(email).sender == shown
    assert message["From"] == shown


def test_body_waits_sealed(smtp: Recorder) -> None:
    email = leave(text="lien-secret", html="lien-secret")
    assert b"lien-secret" not in bytes(row(email).sealed_body)


def test_same_row_sent_again_is_the_same_message_to_the_byte(smtp: Recorder) -> None:
    """What a worker killed between the server's 250 and the commit leads to."""
    email = leave()
    before = row(email)
    send_due(email.pk)
    with tenant(platform="the test undoes the commit, as a killed worker does"):
        before.save()
    send_due(email.pk)
    assert len(smtp.raw) == 2
    assert smtp.raw[0] == smtp.raw[1]


def test_attached_file_is_read_from_the_storage_when_the_message_leaves(smtp: Recorder) -> None:
    name = default_storage.save("achat.pdf", ContentFile(b"%PDF-1.7 achat"))
    send_due(leave(attachments=[Attachment(name, "achat n° 1.pdf", "application/pdf")]).pk)
    [attachment] = smtp.messages[0].iter_attachments()
    assert attachment.get_filename() == "achat n° 1.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_payload(decode=True) == b"%PDF-1.7 achat"


def test_attached_file_that_is_gone_ends_the_message(smtp: Recorder) -> None:
    email = leave(attachments=[Attachment("nowhere.pdf", "a.pdf", "application/pdf")])
    send_due(email.pk)
    assert (row(email).state, row(email).last_error) == (EmailState.FAILED, "Un fichier joint n'existe plus.")
    assert smtp.raw == []


def test_storage_that_fails_makes_the_message_wait(smtp: Recorder) -> None:
    default_storage.save("dossier/achat.pdf", ContentFile(b"%PDF"))
    email = leave(attachments=[Attachment("dossier", "a.pdf", "application/pdf")])
    send_due(email.pk)
    found = row(email)
    assert (found.state, found.last_error) == (
        EmailState.RETRYING,
        "L'envoi a échoué pour une raison inattendue.",
    )
    assert bytes(found.sealed_body) != b""
    assert found.wake_at is not None


def test_message_that_no_mail_may_carry_ends_at_once(smtp: Recorder, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "jefacture\nBcc: x@pirate.test <ne-pas-repondre@jefacture.test>"
    email = leave()
    send_due(email.pk)
    assert (row(email).state, row(email).wake_at) == (EmailState.FAILED, None)
    assert smtp.raw == []


def test_domain_with_accents_is_written_by_its_ascii_name(smtp: Recorder) -> None:
    send_due(leave(recipient="gerant@société.fr").pk)
    assert [message["To"] for message in smtp.messages] == ["gerant@xn--socit-esab.fr"]


def test_line_break_in_a_subject_makes_no_header(smtp: Recorder) -> None:
    send_due(leave(subject="Facture\r\nBcc: voleur@pirate.test\n\nCorps").pk)
    [message] = smtp.messages
    assert message["Subject"] == "Facture Bcc: voleur@pirate.test Corps"
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "recipient",
    [
        "a@b.test\r\nBcc: voleur@pirate.test",
        "a@b.test, voleur@pirate.test",
        "",
        "pas une adresse",
        "gérant@entreprise.test",
        f"a@{'.'.join(['é' * 30] * 7)}.test",  # longer than an address may be once it is written in ASCII
    ],
)
def test_address_that_holds_more_than_an_address_is_refused_before_it_is_a_row(recipient: str) -> None:
    with pytest.raises(InvalidAddressError):
        leave(recipient=recipient)
    with tenant(firm=FIRM):
        assert OutgoingEmail.objects.count() == 0


def test_message_left_outside_every_tenant_is_an_error() -> None:
    with pytest.raises(NoTenantError):
        queue(kind=EmailKind.ACCOUNT, recipient="a@b.test", subject="s", text="t")


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("550 5.1.1 user unknown", EmailState.BOUNCED, "Cette adresse n'existe pas."),
        ("552 5.2.2 mailbox full", EmailState.BOUNCED, "La boîte de cette adresse est pleine."),
        ("550 no such user", EmailState.BOUNCED, "L'adresse est refusée."),
        ("554 5.7.1 relay access denied", EmailState.FAILED, "Le serveur refuse le message."),
        ("530 5.7.0 authentication required", EmailState.FAILED, "Le serveur refuse le message."),
        ("451 4.7.1 greylisted", EmailState.RETRYING, "Le serveur demande de réessayer plus tard."),
    ],
)
def test_answer_to_the_recipient_decides_the_state(smtp: Recorder, answer: str, state: EmailState, reason: str) -> None:
    smtp.to_recipient["gerant@entreprise.test"] = answer
    email = leave()
    send_due(email.pk)
    found = row(email)
    assert (found.state, found.smtp_code) == (state, int(answer[:3]))
    assert found.last_error == f"{reason} Réponse du serveur : {answer}"
    assert (found.wake_at is None) == (bytes(found.sealed_body) == b"") == (state != EmailState.RETRYING)


def test_refused_sender_is_not_the_recipient_s_fault(smtp: Recorder) -> None:
    smtp.to_sender = "550 5.1.8 bad sender"
    email = leave()
    send_due(email.pk)
    assert row(email).state == EmailState.FAILED


def test_refused_content_is_not_the_recipient_s_fault(smtp: Recorder) -> None:
    smtp.to_data = "554 5.6.0 message refused"
    email = leave()
    send_due(email.pk)
    assert row(email).state == EmailState.FAILED


def test_server_that_does_not_answer_is_tried_again_later_and_later(settings: Settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    email = leave()
    waits = []
    for _ in range(3):
        send_due(email.pk)
        found = row(email)
        assert found.state == EmailState.RETRYING
        assert found.last_error == "Le serveur d'envoi ne répond pas (ConnectionRefusedError)."
        assert found.wake_at is not None
        waits.append(round((found.wake_at - timezone.now()).total_seconds()))
    assert waits == [5, 10, 20]


def test_server_that_comes_back_gets_the_message_once(smtp: Recorder) -> None:
    smtp.to_recipient["gerant@entreprise.test"] = "451 later"
    email = leave()
    send_due(email.pk)
    smtp.to_recipient.clear()
    send_due(email.pk)
    send_due(email.pk)
    assert [message["Message-ID"] for message in smtp.messages] == [email.message_id]
    assert row(email).state == EmailState.SENT
    assert row(email).last_error == ""


def test_row_whose_next_try_is_far_off_is_left_alone(smtp: Recorder) -> None:
    email = leave()
    _set(email.pk, wake_at=timezone.now() + timedelta(minutes=10))
    send_due(email.pk)
    assert smtp.raw == []


def test_last_attempt_ends_in_failure(settings: Settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    email = leave()
    _set(email.pk, attempts=MAX_ATTEMPTS - 1)
    send_due(email.pk)
    assert (row(email).state, row(email).wake_at) == (EmailState.FAILED, None)


def test_row_that_kills_its_workers_ends_in_failure(smtp: Recorder) -> None:
    email = leave()
    _set(email.pk, attempts=MAX_ATTEMPTS)
    send_due(email.pk)
    assert (row(email).state, row(email).last_error) == (EmailState.FAILED, "Trop de tentatives.")
    assert smtp.raw == []


def test_body_that_no_key_opens_ends_the_message(smtp: Recorder, settings: Settings) -> None:
    email = leave()
    settings.ENCRYPTION_KEYS = ["b3RoZXItdGVzdC1rZXktb3RoZXItdGVzdC1rZXktISE="]
    send_due(email.pk)
    assert row(email).state == EmailState.FAILED


def test_cancelled_message_never_leaves(smtp: Recorder) -> None:
    about = uuid4()
    email, other = leave(about=about), leave(about=uuid4())
    with tenant(firm=FIRM):
        assert cancel(about=[about]) == 1
    send_due(email.pk)
    send_due(other.pk)
    assert [message["Message-ID"] for message in smtp.messages] == [other.message_id]
    assert (row(email).state, bytes(row(email).sealed_body)) == (EmailState.CANCELLED, b"")


def test_two_workers_at_once_send_it_once(smtp: Recorder) -> None:
    emails = [leave(f"gerant{n}@entreprise.test") for n in range(5)]
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        for email in emails:
            send_due(email.pk)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    arrived = sorted(message["Message-ID"] for message in smtp.messages)
    assert arrived == sorted(email.message_id for email in emails)


def _set(pk: UUID, **values: object) -> None:
    with tenant(platform="the test puts the row in a state that time would"):
        OutgoingEmail.objects.filter(pk=pk).update(**values)
