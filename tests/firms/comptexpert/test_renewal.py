"""Rights are read again on the server, whatever the method; here at each request, so that no test waits a minute."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Firm, Membership
from tests.firms.conftest import Browser, ComptExpert

DURAND = "73282932000074"
USERS = f"/cabinets/{DURAND}/utilisateurs/"
PROFILE = f"/cabinets/{DURAND}/profil/"
HTMX = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{USERS}"}

pytestmark = pytest.mark.django_db


def role_address(subject: str) -> str:
    return f"{USERS}{Membership.objects.get(user__subject=subject).pk}/role/"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def journal(action: str) -> list[tuple[str, str, Any]]:
    with tenant(firm=Firm.objects.get().pk):
        entries = JournalEntry.objects.filter(action=action).order_by("id")
        return list(entries.values_list("actor", "object_label", "data__cause"))


def ways_of(answer: Any) -> dict[str, str]:
    """Where access.js may go after a request of htmx was refused."""
    ways: dict[str, str] = json.loads(answer["HX-Trigger"])["jf:access"]
    return ways


def withdraw(comptexpert: ComptExpert) -> None:
    """Paul's own claims lose the delegation."""
    (cabinet,) = comptexpert.claims("paul.martin")["cabinets"]
    comptexpert.change("paul.martin", cabinets=[{**cabinet, "delegations": []}])


def test_renewal_rights_unchanged_goes_on_without_a_redirect(marie: Browser) -> None:
    assert marie.client.get(USERS).status_code == 200
    assert marie.client.post(role_address("paul.martin"), {"role": "administrator"}).status_code == 302
    assert Membership.objects.get(user__subject="paul.martin").role == "administrator"


def test_renewal_within_the_minute_asks_nothing(marie: Browser, settings: Any) -> None:
    settings.OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS = 60
    marie.comptexpert.commit("userinfo_other_sub")
    assert marie.client.get(USERS).status_code == 200


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head", "options"])
def test_renewal_delegation_withdrawn_closes_every_method(paul: Browser, method: str) -> None:
    withdraw(paul.comptexpert)

    answer = getattr(paul.client, method)(PROFILE)

    assert (answer.status_code, is_signed_in(paul.client)) == (403, False)
    assert Membership.objects.get(user__subject="paul.martin").status == "disabled"
    assert journal("membership.ended") == [("ComptExpert", "Paul Martin (Utilisateur)", "claims")]


def test_renewal_delegation_withdrawn_tells_htmx_and_scripts(paul: Browser) -> None:
    withdraw(paul.comptexpert)

    answer = paul.client.post(PROFILE, headers=HTMX)

    assert answer.status_code == 401
    back = paul.pass_silently(paul.leave(ways_of(answer)["url"]))
    page = paul.client.get(back)
    assert (page.status_code, "Droit d'accès manquant" in page.content.decode()) == (403, True)
    answer = paul.client.get(PROFILE, headers={"Accept": "application/json"})
    assert answer.status_code == 302  # signed out by now


def test_renewal_list_without_delegate_closes_the_delegate(paul: Browser, marie: Browser) -> None:
    (cabinet,) = marie.comptexpert.claims("marie.durand")["cabinets"]
    others = [one for one in cabinet["delegates"] if one["sub"] != "paul.martin"]
    marie.comptexpert.change("marie.durand", cabinets=[{**cabinet, "delegates": others}])
    marie.client.get(USERS)

    answer = paul.client.post(PROFILE)

    assert (answer.status_code, is_signed_in(paul.client)) == (403, False)
    assert "liste des délégués" in answer.content.decode()
    assert journal("membership.ended") == [("ComptExpert", "Paul Martin (Utilisateur)", "delegates")]


def test_renewal_one_firm_of_two_withdrawn_closes_that_one(browser: Browser, settings: Any) -> None:
    browser.sign_in("luc.bernard")
    Firm.objects.update(terms_accepted_at=timezone.now())
    settings.OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS = 0
    lyon, annecy = browser.comptexpert.claims("luc.bernard")["cabinets"]
    assert browser.client.get(f"/cabinets/{annecy['siret']}/profil/").status_code == 200

    browser.comptexpert.change("luc.bernard", cabinets=[lyon])

    assert browser.client.get(f"/cabinets/{annecy['siret']}/profil/").status_code == 404
    assert browser.client.get(f"/cabinets/{lyon['siret']}/profil/").status_code == 200


# --- ComptExpert is away -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["userinfo_500", "userinfo_not_json"])
def test_renewal_comptexpert_broken_goes_on_for_a_while_then_closes(marie: Browser, fault: str) -> None:
    marie.comptexpert.commit(fault)
    assert marie.client.get(USERS).status_code == 200
    session = marie.client.session
    session["comptexpert"] |= {"read_at": session["comptexpert"]["read_at"] - 301, "tried_at": 0}
    session.save()

    answer = marie.client.post(role_address("paul.martin"), {"role": "administrator"})

    assert (answer.status_code, is_signed_in(marie.client)) == (503, True)
    assert Membership.objects.get(user__subject="paul.martin").role == "user"
    marie.comptexpert.behave()
    assert marie.client.get(USERS).status_code == 200


def test_renewal_comptexpert_broken_is_asked_again_rarely(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_500", once=True)
    marie.client.get(USERS)
    marie.comptexpert.commit("userinfo_other_sub")
    assert marie.client.get(USERS).status_code == 200


def test_renewal_about_somebody_else_ends_the_session(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_other_sub")

    answer = marie.client.get(USERS)

    assert (answer.status_code, is_signed_in(marie.client)) == (502, False)
    assert "Recommencer" in answer.content.decode()


# --- The access token is over ------------------------------------------------------------------------------------


def test_renewal_token_over_page_makes_a_silent_trip(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_401", once=True)

    trip = marie.leave(f"{USERS}?tri=-name")
    answer = marie.client.get(marie.pass_silently(trip))

    assert answer["Location"] == f"{USERS}?tri=-name"
    assert marie.client.get(USERS).status_code == 200


def test_renewal_token_over_and_comptexpert_forgot_shows_its_page(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_401", once=True)
    marie.comptexpert.commit("authorize_login_required", sub="marie.durand", once=True)

    silent = marie.leave(USERS)
    with_page = marie.leave(marie.pass_silently(silent))

    assert "prompt" not in with_page
    assert marie.client.get(marie.choose(with_page, "marie.durand"))["Location"] == USERS


def test_renewal_half_of_the_token_gone_page_fetches_a_new_one(marie: Browser) -> None:
    session = marie.client.session
    session["comptexpert"] |= {"replace_from": 0}
    session.save()

    assert marie.client.post(role_address("paul.martin"), {"role": "administrator"}).status_code == 302
    marie.comptexpert.commit("authorize_login_required", once=True)
    answer = marie.client.get(marie.pass_silently(marie.leave(USERS)))

    assert answer["Location"] == USERS
    assert marie.client.get(USERS).status_code == 200  # the token still lasts: no endless trips


def test_renewal_token_over_htmx_page_is_not_left_by_itself(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_401", once=True)

    answer = marie.client.get(f"/cabinets/{DURAND}/clients/importer/en-cours/", headers=HTMX)

    assert (answer.status_code, "HX-Redirect" in answer) == (401, False)
    ways = ways_of(answer)
    back = marie.client.get(marie.pass_silently(marie.leave(ways["aside"])))
    assert marie.client.get(back["Location"]).status_code == 200
    assert marie.client.get(marie.pass_silently(marie.leave(ways["url"])))["Location"] == USERS
    assert marie.client.get(f"/cabinets/{DURAND}/clients/importer/en-cours/", headers=HTMX).status_code == 200


def test_renewal_posted_file_goes_on_with_rights_unchanged(marie: Browser) -> None:
    files = {"file": SimpleUploadedFile("clients.csv", b"SIREN;Raison sociale\n")}
    answer = marie.client.post(f"/cabinets/{DURAND}/clients/importer/", files)
    assert answer.status_code == 302
    assert journal("import.started") == [("Marie Durand", "Import de « clients.csv »", None)]


def test_renewal_delegation_withdrawn_refuses_the_posted_file(paul: Browser) -> None:
    withdraw(paul.comptexpert)
    files = {"file": SimpleUploadedFile("clients.csv", b"SIREN;Raison sociale\n")}
    answer = paul.client.post(f"/cabinets/{DURAND}/clients/importer/", files)
    assert (answer.status_code, journal("import.started")) == (403, [])


def test_renewal_token_over_script_is_told(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_401", once=True)

    answer = marie.client.post(PROFILE, headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json() == {
        "detail": "Votre accès doit être vérifié de nouveau auprès de ComptExpert. Rechargez la page."
    }


def test_renewal_silent_trip_as_somebody_else_is_refused(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_401", once=True)
    trip = marie.leave(USERS)
    marie.sign_in("luc.bernard")  # in another tab
    marie.sign_in("marie.durand")
    callback = marie.choose(trip.replace("prompt=none", "prompt=login"), "luc.bernard")

    answer = marie.client.get(callback)

    assert (answer.status_code, "pas la personne connectée" in answer.content.decode()) == (403, True)


def test_renewal_leaves_public_pages_and_signing_out_alone(marie: Browser) -> None:
    marie.comptexpert.commit("userinfo_401")
    assert marie.client.get("/").status_code == 200
    assert marie.client.post("/deconnexion/").status_code == 302


def test_renewal_token_is_sealed_in_the_session(marie: Browser) -> None:
    kept = marie.client.session["comptexpert"]
    assert set(kept) == {"token", "subject", "read_at", "tried_at", "expires_at", "replace_from"}
    assert kept["token"].startswith("gAAAA")
