"""The e-mails of allauth's flows: in French, in our frame, with one button where there is something to press."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.test import RequestFactory
from django.utils import timezone
from lxml import html

from accounts.models import User

_LINK = "https://jefacture.test/mot-de-passe/nouveau/x-y/"


@pytest.mark.parametrize(
    ("name", "subject", "buttons"),
    [
        ("password_reset_key", "Choisissez un nouveau mot de passe pour jefacture", [_LINK]),
        ("password_reset", "Votre mot de passe jefacture a changé", []),
        ("password_changed", "Votre mot de passe jefacture a changé", []),
    ],
)
def test_email_of_the_account_is_ours(name: str, subject: str, buttons: list[str]) -> None:
    given = {"user": User(email="gerant@entreprise.test"), "timestamp": timezone.now()}
    link = {"password_reset_url": _LINK} if buttons else {}
    with context.request_context(RequestFactory().get("/")):
        message = get_adapter().render_mail(f"account/email/{name}", "gerant@entreprise.test", {**given, **link})

    page = html.fromstring(str(message.alternatives[0][0]))
    assert (message.subject, page.xpath('//td[contains(@class, "button")]/a/@href')) == (subject, buttons)
    assert ("localhost" in message.body, "example.com" in message.body) == (False, False)
    assert [link in message.body for link in buttons] == [True] * len(buttons)
