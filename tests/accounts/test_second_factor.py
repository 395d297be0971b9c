"""Second factors of a company account: the application's code, the codes kept for a bad day, and passkeys' pages."""

import re
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.conftest import Mail, is_signed_in, prove, sign_in, totp
from tests.browsing import text_of
from tests.factories import PASSWORD, CompanyUserFactory

_APP = "/compte/application/"
_CODE = "/connexion/code/"


def _activate(browser: Client) -> str:
    """The application's secret."""
    prove(browser)
    secret: str = browser.get(_APP).context["form"].secret
    assert browser.post(_APP, {"code": totp(secret)})["Location"] == "/compte/codes/"
    return secret


def _codes(browser: Client) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", browser.get("/compte/codes/").content.decode())


@pytest.mark.parametrize("path", [_APP, "/compte/cles/ajouter/", "/compte/codes/nouveaux/"])
def test_second_factors_are_touched_only_after_the_password(browser: Client, path: str) -> None:
    assert browser.get(path)["Location"] == f"/compte/confirmer/?next={quote(path, safe='')}"
    assert browser.post("/compte/confirmer/", {"password": "faux"}).status_code == 200
    assert browser.get(path).status_code == 302


@pytest.mark.django_db(transaction=True)  # the e-mail is written once the act is committed
def test_application_is_asked_for_at_the_next_sign_in(browser: Client, owner: User, mail: Mail) -> None:
    secret = _activate(browser)
    assert [subject for subject, _ in mail(str(owner.email))] == ["Double vérification activée pour jefacture"]

    again = Client()
    answer = again.post("/connexion/", {"login": owner.email, "password": PASSWORD})
    assert (answer["Location"], is_signed_in(again)) == (_CODE, False)
    assert "Ce code n'est pas le bon" in text_of(again.post(_CODE, {"code": "000000"}))
    code = totp(secret)
    assert (again.post(_CODE, {"code": code})["Location"], is_signed_in(again)) == ("/entree/", True)
    # A code that was seen over a shoulder has served.
    thief = sign_in(owner)
    thief.post(_CODE, {"code": code})
    assert not is_signed_in(thief)


def test_guessing_codes_is_slowed_down(browser: Client, owner: User) -> None:
    secret = _activate(browser)
    guesser = sign_in(owner)
    for number in range(5):
        guesser.post(_CODE, {"code": f"{number:06}"})
    assert "Trop de tentatives" in text_of(guesser.post(_CODE, {"code": totp(secret)}))
    assert not is_signed_in(guesser)


def test_recovery_code_enters_once(browser: Client, owner: User) -> None:
    _activate(browser)
    codes = _codes(browser)
    assert len(codes) == 10
    first, second = sign_in(owner), sign_in(owner)
    for entering in (first, second):
        entering.post(_CODE, {"code": codes[0]})
    assert [is_signed_in(first), is_signed_in(second)] == [True, False]
    assert "9 codes inutilisés" in text_of(browser.get("/compte/"))


@pytest.mark.django_db(transaction=True)  # as above
def test_recovery_codes_are_downloaded_and_replaced(browser: Client, mail: Mail, owner: User) -> None:
    _activate(browser)
    former = _codes(browser)
    page = browser.get("/compte/codes/fichier/")
    assert page["Content-Disposition"].startswith("attachment")
    assert re.findall(r"^\d{8}$", page.content.decode(), re.MULTILINE) == former
    browser.post("/compte/codes/nouveaux/")
    assert set(_codes(browser)) & set(former) == set()
    assert mail(str(owner.email))[-1][0] == "Nouveaux codes de secours pour jefacture"


def test_application_is_taken_away_with_its_codes(browser: Client, owner: User, mail: Mail) -> None:
    _activate(browser)
    browser.post("/compte/application/retirer/")
    assert Authenticator.objects.filter(user=owner).count() == 0
    assert mail(str(owner.email))[-1][0] == "Application d'authentification retirée de jefacture"
    assert is_signed_in(sign_in(owner))


def test_secrets_are_sealed_in_the_database(browser: Client, owner: User) -> None:
    secret = _activate(browser)
    kept = str(list(Authenticator.objects.filter(user=owner).values_list("data", flat=True)))
    assert (secret in kept, any(code in kept for code in _codes(browser))) == (False, False)


def test_someone_elses_passkey_is_not_found(browser: Client) -> None:
    key = Authenticator.objects.create(
        user=CompanyUserFactory.create(), type="webauthn", data={"name": "Clé", "credential": {}}
    )
    prove(browser)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        address = reverse(name, args=[key.pk])
        assert str(key.pk) not in address.split("/")  # addresses carry no counters
        assert [browser.get(address).status_code, browser.post(address, {"name": "x"}).status_code] == [404, 404]
    assert browser.get(f"/compte/cles/{key.pk}/").status_code == 404


@pytest.mark.parametrize("credential", ["", "{}", "[]", '{"id": 1}', '{"id": "x", "rawId": "x", "response": {}}'])
def test_forged_passkey_answers_sign_nobody_in(db: None, credential: str) -> None:
    stranger = Client()
    options = stranger.get("/connexion/cle/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["rpId"] == "localhost"
    assert stranger.post("/connexion/cle/", {"credential": credential})["Location"] == "/connexion/"
    assert not is_signed_in(stranger)
