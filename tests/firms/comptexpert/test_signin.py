"""The whole trip to ComptExpert and back over real HTTP: who enters, and what becomes of everything that goes wrong."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus, Role
from firms.models import ApiKey, Firm, Membership
from tests.factories import FirmFactory, FirmUserFactory
from tests.firms.conftest import LOGIN, Browser

DURAND, LYON, ANNECY, AUTRE = "73282932000074", "84731256800011", "84731256800029", "51906738300017"
FAILED = "La connexion n'a pas abouti"

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def memberships() -> list[tuple[str, str, str, str]]:
    rows = Membership.objects.order_by("firm__siret", "user__subject")
    return list(rows.values_list("firm__siret", "user__subject", "role", "status"))


# --- Who enters --------------------------------------------------------------------------------------------------


def test_sign_in_first_expert_opens_the_firm_with_its_key(browser: Browser) -> None:
    answer = browser.sign_in("nadia.autre")

    assert (answer.status_code, answer["Location"]) == (302, "/entree/")
    firm = Firm.objects.get()
    assert (firm.siret, firm.name, firm.city) == (AUTRE, "Autre Conseil", "Bordeaux")
    assert firm.terms_accepted_at is None
    assert memberships() == [(AUTRE, "nadia.autre", Role.ADMINISTRATOR, MembershipStatus.ACTIVE)]
    assert list(ApiKey.objects.values_list("firm__siret", "name")) == [(AUTRE, "Clé du cabinet")]
    with tenant(firm=firm.pk):
        assert list(JournalEntry.objects.order_by("id").values_list("action", "actor")) == [
            ("membership.opened", "Nadia Autre"),
            ("firm.opened", "Nadia Autre"),
            ("api_key.issued", "Nadia Autre"),
        ]


def test_sign_in_new_firm_is_asked_for_its_terms(browser: Browser) -> None:
    browser.sign_in("nadia.autre")

    assert browser.client.get("/cabinets/")["Location"] == f"/cabinets/{AUTRE}/clients/"
    assert browser.client.get(f"/cabinets/{AUTRE}/")["Location"] == f"/cabinets/{AUTRE}/cgu/"


def test_sign_in_expert_lists_delegates_as_created(browser: Browser) -> None:
    browser.sign_in("marie.durand")

    assert memberships() == [
        (DURAND, "lea.petit", Role.USER, MembershipStatus.CREATED),
        (DURAND, "marie.durand", Role.ADMINISTRATOR, MembershipStatus.ACTIVE),
        (DURAND, "paul.martin", Role.USER, MembershipStatus.CREATED),
    ]
    lea = User.objects.get(subject="lea.petit")
    assert (lea.full_name, lea.email, lea.contact_email) == ("Léa Petit", None, "lea.petit@durand-associes.test")
    assert not lea.has_usable_password()


def test_sign_in_delegate_enters_as_user(browser: Browser, new_browser: Callable[[], Browser]) -> None:
    browser.sign_in("marie.durand")
    paul = new_browser()

    assert paul.sign_in("paul.martin").status_code == 302
    membership = Membership.objects.get(user__subject="paul.martin")
    assert (membership.role, membership.status) == (Role.USER, MembershipStatus.ACTIVE)


def test_sign_in_again_changes_nothing(browser: Browser, new_browser: Callable[[], Browser]) -> None:
    browser.sign_in("marie.durand")
    before = (memberships(), User.objects.count(), ApiKey.objects.count())

    new_browser().sign_in("marie.durand")

    assert (memberships(), User.objects.count(), ApiKey.objects.count()) == before


def test_sign_in_two_firms_lets_choose(browser: Browser) -> None:
    browser.sign_in("luc.bernard")

    page = text_of(browser.client.get("/cabinets/"))
    assert [name for name in ("Bernard Audit Lyon", "Bernard Audit Annecy") if name in page] == [
        "Bernard Audit Lyon",
        "Bernard Audit Annecy",
    ]
    assert memberships() == [
        (LYON, "luc.bernard", Role.ADMINISTRATOR, MembershipStatus.ACTIVE),
        (ANNECY, "luc.bernard", Role.ADMINISTRATOR, MembershipStatus.ACTIVE),
    ]


def test_sign_in_matches_issuer_and_subject_never_the_email(browser: Browser) -> None:
    FirmUserFactory.create(subject="autre-sujet", contact_email="nadia.autre@autre-conseil.test")
    User.objects.create_company_user(email="nadia.autre@autre-conseil.test", password="Motdepasse-123")
    FirmUserFactory.create(issuer="https://ailleurs.test", subject="nadia.autre")

    browser.sign_in("nadia.autre")

    assert User.objects.count() == 4
    assert User.objects.get(issuer=browser.comptexpert.url, subject="nadia.autre").memberships.count() == 1


def test_sign_in_gives_a_new_session_key(browser: Browser) -> None:
    session = browser.client.session
    session["before"] = "kept"
    session.save()
    old = session.session_key

    browser.sign_in("nadia.autre")

    assert browser.client.session.session_key != old


def test_sign_in_goes_back_to_the_page_asked_for(browser: Browser) -> None:
    answer = browser.sign_in("nadia.autre", address=f"{LOGIN}?next=/cabinets/{AUTRE}/profil/%3Fa%3D1")
    assert answer["Location"] == f"/cabinets/{AUTRE}/profil/?a=1"


@pytest.mark.parametrize(
    "address",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "javascript:alert(1)",
        "https:///ailleurs.example",
        # Ours, until its host is taken off.
        "http://testserver//ailleurs.example/",
        "http://testserver/%5Cailleurs.example/",
    ],
)
def test_sign_in_next_elsewhere_is_forgotten(browser: Browser, address: str) -> None:
    assert browser.sign_in("nadia.autre", address=f"{LOGIN}?next={address}")["Location"] == "/entree/"


# --- Who may not -------------------------------------------------------------------------------------------------


def test_sign_in_without_siret_says_what_is_missing(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    answer = browser.sign_in("sans.siret")

    page = text_of(answer)
    assert (answer.status_code, is_signed_in(browser.client), Firm.objects.count()) == (403, False, 0)
    for words in ("Absence de SIRET", "Fontaine Expertise", "CROEC", "assistance@jefacture.test"):
        assert words in page, words
    reference = answer.context["request"].reference
    assert reference
    assert reference in page
    assert [record.msg["reference"] for record in refusals(caplog)] == [reference]


def test_sign_in_without_delegation_says_what_is_missing(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    FirmFactory.create(siret=DURAND)

    answer = browser.sign_in("sans.droit")

    page = text_of(answer)
    assert (answer.status_code, is_signed_in(browser.client), User.objects.count()) == (403, False, 0)
    for words in ("Droit d'accès manquant", "Cabinet Durand", "non", "assistance@jefacture.test"):
        assert words in page.replace("&#x27;", "'"), words
    assert [record.msg["cause"] for record in refusals(caplog)] == ["no_delegation"]


def refusals(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [r for r in caplog.records if isinstance(r.msg, dict) and r.msg.get("event") == "comptexpert.refused"]


def test_sign_in_delegate_of_unknown_firm_is_refused(browser: Browser) -> None:
    answer = browser.sign_in("paul.martin")

    assert (answer.status_code, Firm.objects.count(), User.objects.count()) == (403, 0, 0)
    assert "expert-comptable doit y entrer" in text_of(answer)


def test_sign_in_one_cabinet_without_siret_is_shown_disabled(browser: Browser) -> None:
    lyon, annecy = browser.comptexpert.claims("luc.bernard")["cabinets"]
    browser.comptexpert.change("luc.bernard", cabinets=[lyon, {**annecy, "siret": None}])

    browser.sign_in("luc.bernard")

    page = text_of(browser.client.get("/cabinets/"))
    assert "Bernard Audit Annecy" in page
    assert "aucun SIRET" in page
    assert Firm.objects.count() == 1


def test_sign_in_wrong_siret_is_refused(browser: Browser) -> None:
    (cabinet,) = browser.comptexpert.claims("nadia.autre")["cabinets"]
    browser.comptexpert.change("nadia.autre", cabinets=[{**cabinet, "siret": "51906738300018"}])

    answer = browser.sign_in("nadia.autre")

    assert (answer.status_code, Firm.objects.count()) == (403, 0)
    assert "valable" in text_of(answer)


# --- What goes wrong ---------------------------------------------------------------------------------------------

FAULTS = {
    "authorize_access_denied": (400, "cancelled"),
    "authorize_server_error": (502, "provider_error"),
    "authorize_login_required": (502, "provider_error"),
    "authorize_wrong_state": (400, "unknown_state"),
    "authorize_missing_code": (400, "code_missing"),
    "token_500": (503, "provider_down"),
    "token_not_json": (502, "provider_unreadable"),
    "token_slow": (503, "provider_slow"),
    "token_invalid_grant": (400, "code_refused"),
    "id_token_missing": (502, "token_missing"),
    "id_token_garbage": (502, "token_unreadable"),
    "id_token_alg_none": (502, "token_algorithm"),
    "id_token_alg_hs256": (502, "token_algorithm"),
    "id_token_missing_kid": (502, "token_key"),
    "id_token_unknown_kid": (502, "token_key"),
    "id_token_wrong_signature": (502, "token_signature"),
    "id_token_wrong_iss": (502, "token_issuer"),
    "id_token_wrong_aud": (502, "token_audience"),
    "id_token_several_audiences": (502, "token_audience"),
    "id_token_wrong_azp": (502, "token_audience"),
    "id_token_expired": (502, "token_expired"),
    "id_token_issued_in_future": (502, "token_future"),
    "id_token_missing_exp": (502, "token_claim"),
    "id_token_wrong_nonce": (502, "token_nonce"),
    "id_token_missing_nonce": (502, "token_nonce"),
    "id_token_other_sub": (502, "userinfo_other_person"),
    "userinfo_other_sub": (502, "userinfo_other_person"),
    "userinfo_401": (502, "userinfo_refused"),
    "userinfo_500": (503, "provider_down"),
    "userinfo_not_json": (502, "provider_unreadable"),
    "userinfo_slow": (503, "provider_slow"),
}


def failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    logged = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [entry["reason"] for entry in logged if entry.get("event") == "comptexpert.failed"]


@pytest.mark.parametrize(("fault", "expected"), FAULTS.items())
def test_sign_in_fault_gets_a_page_to_start_again(
    browser: Browser, fault: str, expected: tuple[int, str], caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.OIDC_TIMEOUT = 0.5
    browser.comptexpert.commit(fault, sub="nadia.autre", seconds=1.2)

    answer = browser.sign_in("nadia.autre", address=f"{LOGIN}?next=/cabinets/changer/")

    assert (answer.status_code, failures(caplog)) == (expected[0], [expected[1]])
    page = answer.content.decode()
    assert FAILED in page
    assert "Recommencer" in page
    assert answer.context["request"].reference in page
    assert (is_signed_in(browser.client), User.objects.count(), Firm.objects.count()) == (False, 0, 0)


@pytest.mark.parametrize(("fault", "reason"), [("jwks_500", "provider_down"), ("jwks_not_json", "provider_unreadable")])
def test_sign_in_keys_unreadable_gets_a_page(
    browser: Browser, fault: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    wait_until_keys_may_be_read_again()
    browser.comptexpert.rotate_keys()
    browser.comptexpert.commit(fault)

    answer = browser.sign_in("nadia.autre")

    assert (FAILED in answer.content.decode(), failures(caplog)) == (True, [reason])


def test_sign_in_every_fault_of_the_stand_in_is_tried(browser: Browser) -> None:
    known = browser.comptexpert.http.get(f"{browser.comptexpert.url}/faults").json()["known"]
    tried = {*FAULTS, "id_token_missing_azp", "jwks_500", "jwks_not_json", "jwks_empty", "jwks_slow"}
    assert {fault for fault in known if not fault.startswith("logout_token_")} == tried


def test_sign_in_single_audience_needs_no_azp(browser: Browser) -> None:
    browser.comptexpert.commit("id_token_missing_azp")
    assert browser.sign_in("nadia.autre").status_code == 302


def test_sign_in_after_key_rotation_reads_the_keys_again(browser: Browser, new_browser: Callable[[], Browser]) -> None:
    browser.sign_in("nadia.autre")
    wait_until_keys_may_be_read_again()
    browser.comptexpert.rotate_keys()

    assert new_browser().sign_in("nadia.autre").status_code == 302


def wait_until_keys_may_be_read_again() -> None:
    time.sleep(1.1)  # keys are not read twice within a second


def test_sign_in_fault_once_then_starting_again_works(browser: Browser) -> None:
    browser.comptexpert.commit("id_token_expired", once=True)
    assert browser.sign_in("nadia.autre").status_code == 502
    assert browser.sign_in("nadia.autre").status_code == 302


def test_sign_in_provider_away_gets_a_page(browser: Browser, settings: Any) -> None:
    settings.COMPTEXPERT_ISSUER = "http://localhost:9"

    answer = browser.client.get(LOGIN)

    assert (answer.status_code, FAILED in answer.content.decode()) == (503, True)


def test_sign_in_malformed_claims_get_a_page(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    browser.comptexpert.change("nadia.autre", cabinets="pas une liste")

    assert browser.sign_in("nadia.autre").status_code == 502
    assert failures(caplog) == ["claims_malformed"]


# --- Forged, replayed, side by side ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?code=abc",
        "?state=inconnu&code=abc",
        "?state=inconnu&error=access_denied",
        "?error=server_error",
        "?state=%00",
    ],
)
def test_callback_forged_gets_a_page_and_leaves_the_session_alone(browser: Browser, query: str) -> None:
    browser.sign_in("nadia.autre")

    answer = browser.client.get(f"/comptexpert/retour/{query}")

    assert (answer.status_code, FAILED in answer.content.decode()) == (400, True)
    assert is_signed_in(browser.client)


def test_callback_replayed_is_refused(browser: Browser) -> None:
    callback = browser.choose(browser.leave(), "nadia.autre")
    assert browser.client.get(callback).status_code == 302

    answer = browser.client.get(callback)

    assert (answer.status_code, FAILED in answer.content.decode()) == (400, True)


def test_callback_replayed_with_its_cookie_is_refused_by_the_code(browser: Browser) -> None:
    callback = browser.choose(browser.leave(), "nadia.autre")
    trip = {name: morsel.value for name, morsel in browser.client.cookies.items() if "trip" in name}
    browser.client.get(callback)
    thief = Client()
    thief.cookies.load(trip)

    assert (thief.get(callback).status_code, is_signed_in(thief)) == (400, False)


def test_callback_in_another_browser_is_refused(browser: Browser, new_browser: Callable[[], Browser]) -> None:
    callback = browser.choose(browser.leave(), "nadia.autre")
    victim = new_browser()
    victim.leave()

    assert (victim.client.get(callback).status_code, is_signed_in(victim.client)) == (400, False)


def test_callback_altered_trip_is_refused(browser: Browser) -> None:
    callback = browser.choose(browser.leave(), "nadia.autre")
    name = next(name for name in browser.client.cookies if "trip" in name)
    browser.client.cookies[name] = browser.client.cookies[name].value[:-2] + "xx"

    assert browser.client.get(callback).status_code == 400


def test_callback_other_issuer_in_the_answer_is_refused(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    callback = browser.choose(browser.leave(), "nadia.autre")

    assert browser.client.get(f"{callback}&iss=https://ailleurs.example").status_code == 502
    assert failures(caplog) == ["token_issuer"]


def test_sign_in_two_tabs_at_once_both_arrive(browser: Browser) -> None:
    first, second = browser.leave(f"{LOGIN}?next=/a/"), browser.leave(f"{LOGIN}?next=/b/")
    callbacks = browser.choose(first, "nadia.autre"), browser.choose(second, "nadia.autre")

    assert [browser.client.get(callback)["Location"] for callback in reversed(callbacks)] == ["/b/", "/a/"]


def test_sign_in_second_tab_keeps_the_forms_of_the_first(browser: Browser) -> None:
    first, second = browser.leave(), browser.leave()
    browser.client.get(browser.choose(first, "nadia.autre"))
    before = (browser.client.session.session_key, browser.client.cookies["jefacture_csrf"].value)

    browser.client.get(browser.choose(second, "nadia.autre"))

    assert (browser.client.session.session_key, browser.client.cookies["jefacture_csrf"].value) == before


def test_sign_in_as_somebody_else_replaces_the_session(browser: Browser) -> None:
    browser.sign_in("nadia.autre")
    browser.sign_in("luc.bernard")
    assert User.objects.get(pk=browser.client.session["_auth_user_id"]).subject == "luc.bernard"


def test_login_many_times_keeps_the_latest_trips_only(browser: Browser) -> None:
    for _ in range(12):
        browser.leave()
    alive = [name for name, morsel in browser.client.cookies.items() if "trip" in name and morsel.value]
    assert len(alive) == 8


def test_trip_cookie_is_closed_to_scripts_and_other_pages(browser: Browser) -> None:
    browser.leave()
    (morsel,) = (morsel for name, morsel in browser.client.cookies.items() if "trip" in name)
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/comptexpert/")
