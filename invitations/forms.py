from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.enums import Kind
from accounts.forms import new_password_field
from accounts.models import Terms, User
from accounts.passwords import Rules, rules_for
from clients.models import Client
from invitations.models import Invitation


class JoinForm(forms.Form):
    """Ticking the CGU, as they were shown."""

    #: Written by the page itself: what it shows, not what was posted before.
    version = forms.CharField(widget=forms.HiddenInput)
    terms = forms.BooleanField(error_messages={"required": "Cochez la case pour accepter les CGU."})

    def __init__(self, *args: Any, terms: Terms, company_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = terms
        self.fields["terms"].label = f"J'accepte les conditions générales d'utilisation pour {company_name}"

    def clean_version(self) -> str:
        version: str = self.cleaned_data["version"]
        if version != self.shown.version:
            raise forms.ValidationError("Les CGU ont changé entre-temps : relisez-les, puis acceptez-les.")
        return version


class AcceptForm(JoinForm):
    """A company account's first password, with the rules that it must follow."""

    email = forms.EmailField(
        label="E-mail",
        disabled=True,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text="Votre identifiant de connexion.",
    )
    password = new_password_field("Mot de passe")
    field_order = ("email", "password", "terms", "version")

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, company_name=invitation.client.name, **kwargs)
        self.initial["email"] = invitation.email
        self._person = _person(invitation, invitation.client)

    @property
    def rules(self) -> Rules:
        return rules_for(self._person)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, user=self._person)
        return password


def _person(invitation: Invitation, client: Client) -> User:
    """Not saved: what the password may not resemble."""
    return User(
        kind=Kind.COMPANY,
        email=invitation.email,
        first_name=client.contact_first_name,
        last_name=client.contact_last_name,
    )
