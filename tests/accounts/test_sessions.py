"""Where a company account is signed in, and ending that."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sessions import SEEN_AT, device_of
from accounts.tasks import forget_sessions
from tests.accounts.conftest import Mail, is_signed_in, sign_in
from tests.browsing import signed_in, text_of
from tests.factories import CompanyUserFactory, FirmUserFactory

_FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
_CLOSE = "/compte/sessions/fermer/"


@pytest.fixture
def elsewhere(owner: User) -> Client:
    return sign_in(owner, **{"user-agent": _FIREFOX})


def _ids(user: User) -> list[int]:
    return list(UserSession.objects.filter(user=user).order_by("pk").values_list("pk", flat=True))


def test_sessions_are_listed_with_device_address_and_time(browser: Client, elsewhere: Client) -> None:
    page = text_of(browser.get("/compte/"))
    assert "Firefox sur Windows 127.0.0.1, vue le" in page
    assert page.count("Cette session") == 1


def test_one_session_is_ended(browser: Client, elsewhere: Client, owner: User) -> None:
    third = sign_in(owner)
    [_, second, _] = _ids(owner)
    assert browser.post(_CLOSE, {"session": second})["Location"] == "/compte/"
    assert [is_signed_in(each) for each in (browser, elsewhere, third)] == [True, False, True]


def test_all_others_are_ended(browser: Client, elsewhere: Client) -> None:
    browser.post(_CLOSE, {"session": "autres"})
    assert [is_signed_in(browser), is_signed_in(elsewhere)] == [True, False]


def test_nobody_ends_somebody_elses_session(browser: Client) -> None:
    other = CompanyUserFactory.create()
    theirs = sign_in(other)
    browser.post(_CLOSE, {"session": _ids(other)[0]})
    browser.post(_CLOSE, {"session": "autres"})
    assert is_signed_in(theirs)


@pytest.mark.parametrize("several", [1, 3])
def test_list_of_sessions_costs_the_same_for_one_and_for_three(
    browser: Client, owner: User, several: int, django_assert_num_queries: Any
) -> None:
    for _ in range(several - 1):
        sign_in(owner)
    with django_assert_num_queries(5):  # session, person, second factors, address that waits, sessions
        browser.get("/compte/")


def test_session_is_noted_as_seen_every_five_minutes(
    browser: Client, owner: User, django_assert_num_queries: Any
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=long_ago)
    browser.get("/compte/")
    assert UserSession.objects.get().last_seen_at == long_ago
    session = browser.session
    session[SEEN_AT] -= 301
    session.save()
    browser.get("/compte/")
    assert UserSession.objects.get().last_seen_at > long_ago


def test_password_change_ends_the_others_and_keeps_this_one(
    browser: Client, elsewhere: Client, owner: User, mail: Mail
) -> None:
    form = {"oldpassword": "Correct-Horse-42", "password1": "Tilleul-Vapeur-63"}
    assert browser.post("/compte/mot-de-passe/", form)["Location"] == "/compte/"
    assert [is_signed_in(browser), is_signed_in(elsewhere)] == [True, False]
    assert text_of(browser.get("/compte/")).count("vue le") == 1
    assert [subject for subject, _ in mail(str(owner.email))] == ["Votre mot de passe jefacture a changé"]


def test_password_is_not_changed_without_the_former_one(browser: Client, owner: User) -> None:
    form = {"oldpassword": "faux", "password1": "Tilleul-Vapeur-63"}
    assert "Ce n'est pas votre mot de passe actuel." in text_of(browser.post("/compte/mot-de-passe/", form))
    owner.refresh_from_db()
    assert owner.check_password("Correct-Horse-42")


def test_reset_ends_every_session(browser: Client, owner: User, mail: Mail) -> None:
    Client().post("/mot-de-passe/oublie/", {"email": owner.email})
    link = next(word for word in mail(str(owner.email))[0][1].split() if "/mot-de-passe/nouveau/" in word)
    reader = Client()
    page = reader.get(link.removeprefix("http://localhost:8000"), follow=True)
    reader.post(page.redirect_chain[-1][0], {"password1": "Tilleul-Vapeur-63"})
    assert [is_signed_in(browser), _ids(owner)] == [False, []]


def test_sessions_of_comptexpert_are_not_listed(db: None) -> None:
    signed_in(FirmUserFactory.create()).get("/compte/")
    assert UserSession.objects.count() == 0


def test_ended_sessions_are_forgotten(browser: Client, elsewhere: Client, owner: User) -> None:
    Session.objects.exclude(session_key=browser.session.session_key).delete()
    forget_sessions()
    assert [session.session_key for session in UserSession.objects.all()] == [browser.session.session_key]


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (_FIREFOX, "Firefox sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/129.0.0.0 Safari/537.36", "Chrome sur Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0", "Edge sur Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari sur iPhone"),
        ("curl/8.0", "Navigateur inconnu"),
    ],
)
def test_device_is_named_as_its_owner_would(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
