from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from common.clientip import client_ip


class CompanyAccountAdapter(DefaultAccountAdapter):
    """allauth's flows as jefacture has them: no sign-up but from an invitation, our addresses and our mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth passes it
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - as above
        return reverse("accounts:entrance")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On SITE_URL: whoever asks for the mail chooses the request's host, not where its reader is led."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.SITE_URL}{path}"

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "0.0.0.0"  # noqa: S104 - a key for counting, never an address to listen on

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> Any:
        """In the frame of our other e-mails (templates/email/base.html), whose one button is the link it carries."""
        frame = {"why": "Cette adresse est celle d'un compte entreprise."}
        if link := context.get("password_reset_url"):
            frame |= {"button_url": link, "button_label": "Choisir un nouveau mot de passe"}
        return super().render_mail(template_prefix, email, {**context, **frame}, headers)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """No « vous êtes connecté » banner: the page that opens says it."""
