"""No flow of allauth finds a ComptExpert identity, even one with a password, an address or a key by mistake."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.adapter import CompanyAccountAdapter
from accounts.models import User
from accounts.urls import allauth_urlpatterns
from tests.accounts.conftest import Mail
from tests.browsing import signed_in, text_of
from tests.factories import PASSWORD, FirmUserFactory

_EMAIL = "marie@cabinet.test"
#: Open to anybody, and what they answer to a ComptExpert identity that is signed in.
_OPEN = {
    "account_login": 302,
    "mfa_authenticate": 302,
    "mfa_login_webauthn": 302,
    "account_logout": 405,
    "account_inactive": 200,
    "account_signup": 302,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "account_confirm_email": 200,
}
_OWN_PAGE = {"mfa_index", "mfa_list_webauthn"}


@pytest.fixture
def marie(db: None) -> User:
    """As no code of ours leaves one: with a password, a proven address and a second factor."""
    person = FirmUserFactory.create(contact_email=_EMAIL)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=_EMAIL, verified=True, primary=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    return person


def _address(pattern: URLPattern) -> str:
    arguments: dict[str, object] = dict.fromkeys(pattern.pattern.converters, 1)
    if pattern.name == "account_reset_password_from_key":
        arguments = {"uidb36": "abc", "key": "set-password"}
    elif pattern.name == "account_confirm_email":
        arguments = {"key": "abc"}
    return reverse(str(pattern.name), kwargs=arguments)


@pytest.mark.parametrize("pattern", allauth_urlpatterns, ids=lambda pattern: pattern.name)
def test_pages_of_an_account_lead_to_where_theirs_is_managed(marie: User, pattern: URLPattern, mail: Mail) -> None:
    browser, address = signed_in(marie), _address(pattern)
    if pattern.name in _OPEN:
        assert browser.get(address).status_code == _OPEN[pattern.name]
        return
    if pattern.name in _OWN_PAGE:
        assert "Vous entrez avec ComptExpert" in text_of(browser.get(address))
        return
    form = {"email": "autre@cabinet.test", "action_add": "", "password": PASSWORD, "code": "000000", "name": "x"}
    for answer in (browser.get(address), browser.post(address, form)):
        assert (answer.status_code, answer["Location"]) == (302, "/compte/")
    assert (mail("autre@cabinet.test"), mail(_EMAIL)) == ([], [])


def test_sign_in_does_not_find_it(marie: User) -> None:
    browser = Client()
    assert "sont incorrects" in text_of(browser.post("/connexion/", {"login": _EMAIL, "password": PASSWORD}))
    assert "_auth_user_id" not in browser.session


def test_reset_does_not_find_it(marie: User, mail: Mail) -> None:
    Client().post("/mot-de-passe/oublie/", {"email": _EMAIL})
    assert mail(_EMAIL) == []
    key = f"{user_pk_to_url_str(marie)}-{default_token_generator.make_token(marie)}"
    assert "Ce lien ne sert plus" in text_of(Client().get(f"/mot-de-passe/nouveau/{key}/", follow=True))


def test_link_of_an_address_does_not_find_it(marie: User) -> None:
    waiting = EmailAddress.objects.create(user=marie, email="autre@cabinet.test")
    link = reverse("account_confirm_email", args=[EmailConfirmationHMAC.create(waiting).key])
    assert "Ce lien ne sert plus" in text_of(Client().get(link))
    assert Client().post(link).status_code == 404
    marie.refresh_from_db()
    assert marie.email is None


def test_no_sign_in_of_allauth_ends_in_it(marie: User) -> None:
    """The last door, which a passkey, a reset and an invitation all go through."""
    answer = CompanyAccountAdapter().pre_login(
        Client().get("/").wsgi_request,
        marie,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=None,
    )
    assert answer is not None
    assert answer["Location"] == "/connexion/"


def test_reset_form_of_a_stranger_is_no_oracle(marie: User) -> None:
    asked = [
        text_of(Client().post("/mot-de-passe/oublie/", {"email": each}, follow=True)) for each in (_EMAIL, "x@y.test")
    ]
    assert asked[0] == asked[1]
