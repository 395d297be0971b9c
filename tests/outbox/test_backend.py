"""Django's and allauth's mail becomes rows."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client as Browser
from pytest_django import Settings

from common.tenancy import tenant
from outbox.backend import OutboxBackend
from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from outbox.services.sending import send_due
from tests.factories import CompanyUserFactory, FirmFactory
from tests.outbox.smtp_server import Recorder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _our_backend(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"  # pytest-django puts one that only remembers


def rows() -> list[OutgoingEmail]:
    with tenant(platform="the test looks at every row"):
        return list(OutgoingEmail.objects.order_by("recipient"))


def test_django_s_mail_is_one_row_per_recipient(smtp: Recorder) -> None:
    message = EmailMultiAlternatives("Objet", "Texte", to=["B <b@x.test>"], cc=["a@x.test"])
    message.attach_alternative("<p>Texte</p>", "text/html")
    assert message.send() == 1
    assert [(email.recipient, email.kind, email.subject) for email in rows()] == [
        ("a@x.test", EmailKind.ACCOUNT, "Objet"),
        ("b@x.test", EmailKind.ACCOUNT, "Objet"),
    ]
    send_due(rows()[0].pk)
    assert [part.get_content_type() for part in smtp.messages[0].iter_parts()] == ["text/plain", "text/html"]


def test_mail_sent_inside_a_tenant_belongs_to_it() -> None:
    firm = FirmFactory.create()
    with tenant(firm=firm.pk):
        mail.send_mail("Objet", "Texte", None, ["a@x.test"])
    assert [email.firm_id for email in rows()] == [firm.pk]


def test_message_with_bytes_attached_is_refused() -> None:
    message = EmailMultiAlternatives("Objet", "Texte", to=["a@x.test"])
    message.attach("a.pdf", b"%PDF", "application/pdf")
    with pytest.raises(ValueError, match="stored files"):
        OutboxBackend().send_messages([message])
    assert rows() == []


def test_forgotten_password_is_written_through_the_outbox(smtp: Recorder) -> None:
    user = CompanyUserFactory.create()
    assert Browser().post("/mot-de-passe/oublie/", {"email": user.email}).status_code == 302
    [email] = rows()
    assert (email.recipient, email.kind) == (user.email, EmailKind.ACCOUNT)
    send_due(email.pk)
    text = smtp.messages[0].get_body(("plain",))
    assert text is not None
    assert "/mot-de-passe/nouveau/" in text.get_content()
