"""Company accounts: e-mail and password, reset by e-mail; and that no such flow finds a ComptExpert identity."""

import re
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Terms, User
from common.tenancy import tenant
from outbox.models import OutgoingEmail
from outbox.parts import Parts
from tests.factories import PASSWORD, CompanyUserFactory, FirmUserFactory, make_company, make_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_outbox")]
LOGIN = "/connexion/"


@pytest.fixture
def _outbox(settings: Any) -> None:
    """Django's test runner keeps mail in memory; the product leaves rows."""
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> int:
    return client.post(LOGIN, {"login": email, "password": password}, **extra).status_code  # type: ignore[arg-type] # headers


def mail_to(address: str) -> list[str]:
    """Texts of the messages that wait for this address."""
    with tenant(platform="the test reads the outbox"):
        waiting = OutgoingEmail.objects.filter(recipient=address)
        return [Parts.opened(bytes(email.sealed_body)).text for email in waiting]


def test_company_owner_lands_in_the_company_space(client: Client) -> None:
    company = make_company()
    owner = make_owner(company)
    response = client.post(LOGIN, {"login": owner.person.email, "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1] == (f"/entreprises/{company.siren}/factures/", 302)
    assert response.status_code == 200


def test_email_is_found_in_any_case(client: Client) -> None:
    CompanyUserFactory.create(email="helene@premys.test")
    assert sign_in(client, "Helene@PREMYS.test") == 302


@pytest.mark.parametrize(("email", "password"), [("helene@premys.test", "faux"), ("inconnue@premys.test", PASSWORD)])
def test_wrong_password_and_unknown_address_read_the_same(client: Client, email: str, password: str) -> None:
    CompanyUserFactory.create(email="helene@premys.test")
    response = client.post(LOGIN, {"login": email, "password": password})
    assert response.status_code == 200
    assert "mot de passe sont incorrects" in response.content.decode()


def test_guessing_one_account_is_slowed_down(client: Client) -> None:
    CompanyUserFactory.create(email="helene@premys.test")
    for _ in range(5):
        assert sign_in(client, "helene@premys.test", "faux") == 200
    response = client.post(LOGIN, {"login": "helene@premys.test", "password": PASSWORD})
    assert response.status_code == 200
    assert "Trop de tentatives" in response.content.decode()


def test_sign_out_is_a_post(client: Client) -> None:
    client.force_login(CompanyUserFactory.create(), backend="accounts.backends.CompanyBackend")
    assert client.get("/deconnexion/").status_code == 405
    assert client.post("/deconnexion/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_sign_in_goes_back_to_our_own_pages_only(client: Client) -> None:
    CompanyUserFactory.create(email="helene@premys.test")
    response = client.post(
        LOGIN, {"login": "helene@premys.test", "password": PASSWORD, "next": "https://ailleurs.example/"}
    )
    assert response["Location"] == "/entree/"


def test_reset_sends_one_link_that_sets_the_password_once(client: Client) -> None:
    user = CompanyUserFactory.create(email="helene@premys.test")
    client.post("/mot-de-passe/oublie/", {"email": "helene@premys.test"})
    [text] = mail_to("helene@premys.test")
    link = next(word for word in text.split() if "/mot-de-passe/nouveau/" in word)
    page = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    form = {"password1": "Une-Phrase-Longue-7", "password2": "Une-Phrase-Longue-7"}
    assert client.post(page.redirect_chain[-1][0], form).status_code == 302
    user.refresh_from_db()
    assert user.check_password("Une-Phrase-Longue-7")
    assert "/set-password/" not in [url for url, _code in Client().get(link, follow=True).redirect_chain]


def test_link_of_a_reset_leads_to_the_site_and_not_to_the_host_of_who_asked(client: Client) -> None:
    user = CompanyUserFactory.create()
    client.post("/mot-de-passe/oublie/", {"email": user.email}, HTTP_HOST="127.0.0.1:6666")
    [text] = mail_to(str(user.email))
    assert re.findall(r"https?://[^/\s]+/mot-de-passe/", text) == ["http://localhost:8000/mot-de-passe/"]


def test_reset_of_an_unknown_address_says_the_same_and_sends_nothing(client: Client) -> None:
    response = client.post("/mot-de-passe/oublie/", {"email": "inconnue@premys.test"})
    assert response["Location"] == "/mot-de-passe/oublie/envoye/"
    assert mail_to("inconnue@premys.test") == []


def test_comptexpert_identity_is_found_by_no_password_flow(client: Client) -> None:
    person = FirmUserFactory.create(contact_email="marie@cabinet.test")
    person.set_password(PASSWORD)
    person.save()
    assert authenticate(None, email="marie@cabinet.test", password=PASSWORD) is None
    assert sign_in(client, "marie@cabinet.test") == 200
    client.post("/mot-de-passe/oublie/", {"email": "marie@cabinet.test"})
    assert mail_to("marie@cabinet.test") == []


def test_one_human_with_both_ways_in_holds_two_accounts() -> None:
    FirmUserFactory.create(contact_email="marie@cabinet.test")
    company = CompanyUserFactory.create(email="marie@cabinet.test")
    assert User.objects.filter(email="marie@cabinet.test").get() == company


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "comptexpert", "issuer": "https://x", "subject": "a", "email": "a@b.test"},
        {"kind": "comptexpert", "issuer": "", "subject": "a"},
        {"kind": "company", "email": None},
        {"kind": "company", "email": "a@b.test", "issuer": "https://x", "subject": "a"},
    ],
)
def test_account_with_two_ways_in_is_refused_by_the_database(fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(password="!", **fields)


@pytest.mark.parametrize("password", ["court", "motdepasse1", "administrator", "12345678901234"])
def test_weak_password_is_refused_in_french(password: str) -> None:
    with pytest.raises(ValidationError) as raised:
        validate_password(password)
    assert "mot de passe" in " ".join(raised.value.messages)


def test_sign_up_is_closed(client: Client) -> None:
    assert client.post("/inscription/", {"email": "a@b.test", "password1": PASSWORD}).status_code == 405
    assert client.get("/inscription/")["Location"] == LOGIN


def test_published_terms_are_readable_and_never_change(client: Client) -> None:
    assert "n'est pas une plateforme agréée" in client.get("/cgu/entreprise/").content.decode().replace("&#x27;", "'")
    published = Terms.objects.get(audience="company")
    again = Terms.publish(audience="company", version=published.version, text="Autre texte")
    assert (again.pk, again.text, again.sha256) == (published.pk, published.text, published.sha256)
    assert client.get("/cgu/autre/").status_code == 404
