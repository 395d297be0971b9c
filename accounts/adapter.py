from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from accounts.sessions import device_of, end_other_sessions, note_seen
from common.clientip import client_ip

_WHY = "Cette adresse est celle d'un compte entreprise."
_WHY_NOT_YET = "Quelqu'un veut faire de cette adresse celle de son compte entreprise."
#: The one button of an e-mail: what in its context is the link, and what it says.
_BUTTONS = {
    "password_reset_url": "Choisir un nouveau mot de passe",
    "activate_url": "Confirmer cette adresse",
}


class CompanyAccountAdapter(DefaultAccountAdapter):
    """allauth's flows as jefacture has them: company accounts only, no sign-up but from an invitation, our words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "duplicate_email": "C'est déjà l'adresse de ce compte, ou celle qui attend d'être confirmée.",
        "incorrect_password": "Ce mot de passe n'est pas le bon.",
    }

    # --- Who --------------------------------------------------------------------------------------------------------

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth passes it
        return False

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        """Whatever way allauth knows, a ComptExpert identity does not come in by it."""
        if not user.is_company_user:
            return redirect("accounts:login")
        response: HttpResponse | None = super().pre_login(request, user, **details)
        return response

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **details)
        note_seen(request)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Whoever is signed in elsewhere with the former password no longer is."""
        super().set_password(user, password)
        end_other_sessions(self.request, user)

    # --- A new address ----------------------------------------------------------------------------------------------

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:  # noqa: FBT001 - allauth's signature
        """The same is said to who asks; who holds an account at that address already gets no link, but is told."""
        address: EmailAddress = emailconfirmation.email_address
        if _is_taken(address):
            self.send_mail("account/email/email_taken", address.email, {})
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        if _is_taken(email_address):
            return False
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:  # an account of that address was made at this very moment
            return False

    # --- Where to -----------------------------------------------------------------------------------------------------

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth passes it
        return reverse("accounts:entrance")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - as above
        return reverse("accounts:account")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:  # noqa: ARG002 - as above
        return reverse("accounts:account" if self.request.user.is_authenticated else "accounts:login")

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _on_our_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _on_our_site(super().get_email_confirmation_url(request, emailconfirmation))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request) or "0.0.0.0"  # noqa: S104 - a key for counting, never an address to listen on

    # --- Mail -------------------------------------------------------------------------------------------------------

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> Any:
        """In the frame of our other e-mails (templates/email/base.html), whose one button is the link it carries."""
        frame = {
            "why": _WHY_NOT_YET if "activate_url" in context else _WHY,
            "assistance": settings.ASSISTANCE_EMAIL,
            "device": device_of(context.get("user_agent", "")),
        }
        for link, label in _BUTTONS.items():
            if link in context:
                frame |= {"button_url": context[link], "button_label": label}
        return super().render_mail(template_prefix, email, {**context, **frame}, headers)

    def format_email_subject(self, subject: str) -> str:
        return subject


def _is_taken(address: EmailAddress) -> bool:
    """By another company account; a ComptExpert identity's address is no account's and is never looked at."""
    return User.objects.company_users().filter(email__iexact=address.email).exclude(pk=address.user_id).exists()


def _on_our_site(address: str) -> str:
    """On SITE_URL: whoever asks for the mail chooses the request's host, not where its reader is led."""
    return f"{settings.SITE_URL}{urlsplit(address).path}"
