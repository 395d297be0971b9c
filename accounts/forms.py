"""allauth's forms in our words, and closed to whoever comes in by ComptExpert."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.http import HttpRequest

from accounts.models import User
from accounts.passwords import Rules, rules_for

_NO_KEY: Final = "Cette clé d'accès n'a pas été reconnue. Rien n'a changé."


def new_password_field(label: str = "Nouveau mot de passe") -> forms.CharField:
    return _password_field(label, required="Choisissez un mot de passe.", autocomplete="new-password")


def _password_field(label: str, *, required: str, autocomplete: str = "current-password") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": required},
    )


def _code_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": "Saisissez le code."},
    )


class _OneNewPassword:
    """Typed once: it can be shown, and allauth's second field is left out."""

    user: User

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]  # type: ignore[attr-defined] # the form's
        return str(get_adapter().clean_password(password, user=self.user))

    @property
    def rules(self) -> Rules:
        return rules_for(self.user)


class ChangePasswordForm(_OneNewPassword, account_forms.ChangePasswordForm):
    oldpassword = _password_field("Mot de passe actuel", required="Saisissez votre mot de passe actuel.")
    password1 = new_password_field()
    password2 = None

    def clean_oldpassword(self) -> str:
        try:
            return str(super().clean_oldpassword())
        except forms.ValidationError:
            raise forms.ValidationError("Ce n'est pas votre mot de passe actuel.") from None


class ReauthenticateForm(account_forms.ReauthenticateForm):
    password = _password_field("Mot de passe", required="Saisissez votre mot de passe.")


class NewPasswordForm(_OneNewPassword, account_forms.ResetPasswordKeyForm):
    """Behind the link of a reset."""

    password1 = new_password_field()
    password2 = None


class ResetPasswordForm(account_forms.ResetPasswordForm):
    users: list[User]

    def clean_email(self) -> str:
        """Only a company account's own address: one that it is changing to is not proven yet."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.is_company_user and user.email == email.lower()]
        return email


class ResetLinkForm(account_forms.UserTokenForm):
    def _get_user(self, uidb36: str) -> User | None:
        user = super()._get_user(uidb36)
        return user if isinstance(user, User) and user.is_company_user else None


class ChangeEmailForm(account_forms.AddEmailForm):
    email = forms.EmailField(
        label="Nouvelle adresse",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Saisissez la nouvelle adresse."},
    )

    def save(self, request: HttpRequest) -> Any:
        """Both addresses are told; nothing changes before the new one has answered."""
        address = super().save(request)
        context = {"user": self.user, "to_email": address.email}
        get_adapter().send_notification_mail("account/email/email_change_asked", self.user, context)
        return address


class ActivateAppForm(ActivateTOTPForm):
    code = _code_field("Code affiché par l'application")


class CodeForm(code_forms.AuthenticateForm):
    code = _code_field("Code de l'application, ou code de secours")


class CodeAgainForm(code_forms.ReauthenticateForm):
    code = _code_field("Code de l'application, ou code de secours")


class _Doubtful:
    """What a key answers is a stranger's: allauth lets some malformed answers through to an error of its library."""

    def clean_credential(self) -> Any:
        with _refusing():
            return super().clean_credential()  # type: ignore[misc] # the form's


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except forms.ValidationError:
        raise
    except Exception as error:  # the answer is anybody's to send: what reading it raises is of many kinds
        raise forms.ValidationError(_NO_KEY) from error


class SignInByPasskeyForm(_Doubtful, passkey_forms.LoginWebAuthnForm):
    pass


class PasskeyForm(_Doubtful, passkey_forms.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(_Doubtful, passkey_forms.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    name = forms.CharField(
        label="Nom de la clé",
        max_length=100,
        required=False,
        help_text="Pour la reconnaître : « Téléphone », « Ordinateur du bureau »…",
    )
    #: Every key is made to sign in by itself.
    passwordless = forms.BooleanField(initial=True, disabled=True, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        with _refusing():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    name = forms.CharField(label="Nom de la clé", max_length=100, error_messages={"required": "Donnez-lui un nom."})
