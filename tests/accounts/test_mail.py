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
        ("email_change_asked", "Changement d'adresse demandé pour votre compte jefacture", []),
        ("email_confirmation", "Confirmez votre nouvelle adresse pour jefacture", [_LINK]),
        ("email_taken", "Cette adresse a déjà un compte jefacture", []),
        ("email_changed", "L'adresse de votre compte jefacture a changé", []),
        ("email_deleted", "Changement d'adresse abandonné", []),
        ("totp_activated", "Double vérification activée pour jefacture", []),
        ("totp_deactivated", "Application d'authentification retirée de jefacture", []),
        ("webauthn_added", "Une clé d'accès a été ajoutée à jefacture", []),
        ("webauthn_removed", "Une clé d'accès a été retirée de jefacture", []),
        ("recovery_codes_generated", "Nouveaux codes de secours pour jefacture", []),
    ],
)
def test_email_of_the_account_is_ours(name: str, subject: str, buttons: list[str]) -> None:
    given = {"user": User(email="gerant@entreprise.test"), "timestamp": timezone.now()}
    link = {"activate_url" if name == "email_confirmation" else "password_reset_url": _LINK} if buttons else {}
    folder = "mfa" if name.partition("_")[0] in {"totp", "webauthn", "recovery"} else "account"
    with context.request_context(RequestFactory().get("/")):
        message = get_adapter().render_mail(f"{folder}/email/{name}", "gerant@entreprise.test", {**given, **link})

    page = html.fromstring(str(message.alternatives[0][0]))
    assert (message.subject, page.xpath('//td[contains(@class, "button")]/a/@href')) == (subject, buttons)
    assert ("localhost" in message.body, "example.com" in message.body) == (False, False)
    assert "Pourquoi je reçois ce message\u202f?" in message.body
    assert [link in message.body for link in buttons] == [True] * len(buttons)
