"""ComptExpert's server ends a person's sessions; the logout tokens are the stand-in's own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firms.models import ComptExpertSession, Firm
from tests.firms.conftest import Browser, ComptExpert

ADDRESS = "/comptexpert/deconnexion-serveur/"
PROFILE = "/cabinets/51906738300017/profil/"

pytestmark = pytest.mark.django_db

REFUSED = [
    "expired",
    "issued_in_future",
    "wrong_signature",
    "unknown_kid",
    "missing_kid",
    "alg_none",
    "alg_hs256",
    "garbage",
    "wrong_iss",
    "wrong_aud",
    "missing_events",
    "with_nonce",
    "missing_sub",
]


@pytest.fixture
def nadia(browser: Browser) -> Browser:
    browser.sign_in("nadia.autre")
    Firm.objects.update(terms_accepted_at=timezone.now())
    return browser


def logout_token(comptexpert: ComptExpert, sub: str) -> str:
    (sent,) = comptexpert.change(sub, logout=True)["logout"]
    return str(sent["logout_token"])


def post(token: str) -> Any:
    return Client(enforce_csrf_checks=True).post(ADDRESS, {"logout_token": token})


def test_backchannel_ends_every_session_of_the_person_at_once(
    nadia: Browser, new_browser: Callable[[], Browser]
) -> None:
    phone, luc = new_browser(), new_browser()
    phone.sign_in("nadia.autre")
    luc.sign_in("luc.bernard")

    answer = post(logout_token(nadia.comptexpert, "nadia.autre"))

    assert (answer.status_code, answer["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert [browser.client.get(PROFILE).status_code for browser in (nadia, phone)] == [302, 302]
    assert "_auth_user_id" in luc.client.session
    assert list(ComptExpertSession.objects.values_list("user__subject", flat=True)) == ["luc.bernard"]


def test_backchannel_unknown_person_is_no_error(nadia: Browser) -> None:
    assert post(logout_token(nadia.comptexpert, "lea.petit")).status_code == 200
    assert nadia.client.get(PROFILE).status_code == 200


@pytest.mark.parametrize("fault", REFUSED)
def test_backchannel_wrong_token_ends_nothing(nadia: Browser, fault: str) -> None:
    nadia.comptexpert.commit(f"logout_token_{fault}")

    answer = post(logout_token(nadia.comptexpert, "nadia.autre"))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert nadia.client.get(PROFILE).status_code == 200


def test_backchannel_every_fault_of_the_stand_in_is_tried(comptexpert: ComptExpert) -> None:
    known = comptexpert.http.get(f"{comptexpert.url}/faults").json()["known"]
    assert {name for name in known if name.startswith("logout_token_")} == {f"logout_token_{name}" for name in REFUSED}


def test_backchannel_id_token_is_no_logout_token(nadia: Browser) -> None:
    assert post("").status_code == 400
    assert Client().get(ADDRESS).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_backchannel_posted_by_the_stand_in_itself(nadia: Browser, live_server: Any) -> None:
    uris = [f"{live_server.url}{ADDRESS}"]
    nadia.comptexpert.http.put(f"{nadia.comptexpert.url}/backchannel-logout-uris", json=uris)
    try:
        (sent,) = nadia.comptexpert.change("nadia.autre", logout=True)["logout"]
    finally:
        nowhere = [f"http://127.0.0.1:9{ADDRESS}"]
        nadia.comptexpert.http.put(f"{nadia.comptexpert.url}/backchannel-logout-uris", json=nowhere)

    assert (sent["status"], sent["error"]) == (200, None)
    assert nadia.client.get(PROFILE).status_code == 302
