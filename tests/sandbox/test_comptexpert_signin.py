import time
from typing import TYPE_CHECKING

import pytest
from joserfc.errors import JoseError

if TYPE_CHECKING:
    from tests.sandbox.conftest import Client

LUC = {"84731256800011", "84731256800029"}


def test_discovery_names_the_issuer_and_what_is_required(client: "Client") -> None:
    document = client.http.get(f"{client.issuer}/.well-known/openid-configuration").json()
    assert document["issuer"] == client.issuer
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
    assert document["backchannel_logout_supported"] is True


def test_issuer_is_the_same_when_reached_by_number(client: "Client") -> None:
    by_number = client.issuer.replace("localhost", "127.0.0.1")
    assert client.http.get(f"{by_number}/.well-known/openid-configuration").json()["issuer"] == client.issuer


@pytest.mark.parametrize("basic", [True, False], ids=["client_secret_basic", "client_secret_post"])
def test_whole_flow_gives_a_signed_token_and_the_claims(client: "Client", *, basic: bool) -> None:
    callback = client.callback(client.choose("marie.durand"))
    assert callback["state"] == "un-etat"
    tokens = client.exchange(callback["code"], basic=basic).json()
    token = client.decode(tokens["id_token"])
    claims = token.claims
    assert (claims["iss"], claims["aud"], claims["azp"]) == (client.issuer, "essai", "essai")
    assert (claims["sub"], claims["nonce"]) == ("marie.durand", client.nonce)
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["auth_time"] - time.time()) < 30
    userinfo = client.userinfo(tokens["access_token"]).json()
    assert userinfo["iss"] == client.issuer
    assert userinfo["cabinets"][0]["siret"] == "73282932000074"
    assert [delegate["sub"] for delegate in userinfo["cabinets"][0]["delegates"]] == ["paul.martin", "lea.petit"]


def test_people_are_those_of_the_contract(client: "Client") -> None:
    people = {person["sub"]: person for person in client.http.get(f"{client.issuer}/people").json()}
    assert list(people) == [
        "marie.durand", "paul.martin", "lea.petit", "luc.bernard", "sans.siret", "sans.droit", "nadia.autre",
    ]  # fmt: skip
    assert people["sans.siret"]["cabinets"][0]["siret"] is None
    assert people["sans.droit"]["cabinets"][0]["delegations"] == []
    assert people["paul.martin"]["cabinets"][0]["delegations"] == ["jefacture.com"]
    assert "delegates" not in people["paul.martin"]["cabinets"][0]
    assert {cabinet["siret"] for cabinet in people["luc.bernard"]["cabinets"]} == LUC


def test_every_siret_passes_luhn(client: "Client") -> None:
    people = client.http.get(f"{client.issuer}/people").json()
    sirets = {cabinet["siret"] for person in people for cabinet in person["cabinets"] if cabinet["siret"]}
    assert len(sirets) == 4
    assert {_luhn(siret) % 10 for siret in sirets} == {0}


def _luhn(digits: str) -> int:
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits)))


def test_signin_page_has_one_button_per_person_and_no_script(client: "Client") -> None:
    answer = client.http.get(client.request_url())
    assert answer.text.count('<button class="person"') == 7
    assert "<script" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_cancelling_sends_access_denied_back(client: "Client") -> None:
    answer = client.http.post(client.request_url(), {"annuler": "1"}, allow_redirects=False)
    callback = client.callback(answer)
    assert (callback["error"], callback["state"], callback.get("code")) == ("access_denied", "un-etat", None)


def test_unknown_person_is_told_so(client: "Client") -> None:
    assert client.choose("personne").status_code == 400


@pytest.mark.parametrize(
    "changes",
    [{"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": "plain"}],
    ids=["no PKCE", "plain"],
)
def test_request_without_s256_is_refused(client: "Client", changes: dict[str, str | None]) -> None:
    callback = client.callback(client.http.get(client.request_url(**changes), allow_redirects=False))
    assert (callback["error"], callback["state"]) == ("invalid_request", "un-etat")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "un-autre"},
        {"redirect_uri": "https://ailleurs.example/comptexpert/retour/"},
        {"redirect_uri": "http://localhost:8000/autre/"},
        {"redirect_uri": "http://localhost.ailleurs.example/comptexpert/retour/"},
    ],
)
def test_unknown_client_or_address_never_redirects(client: "Client", changes: dict[str, str | None]) -> None:
    answer = client.http.get(client.request_url(**changes), allow_redirects=False)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


@pytest.mark.parametrize("host", ["127.0.0.1:9123", "localhost:8000", "[::1]:8000"])
def test_any_loopback_callback_is_accepted(client: "Client", host: str) -> None:
    address = f"http://{host}/comptexpert/retour/"
    answer = client.choose("marie.durand", redirect_uri=address)
    assert answer.headers["Location"].startswith(f"{address}?code=")


def test_code_is_taken_once_and_its_replay_revokes_the_token(client: "Client") -> None:
    code = client.code("marie.durand")
    tokens = client.exchange(code).json()
    assert client.userinfo(tokens["access_token"]).status_code == 200
    replay = client.exchange(code)
    assert (replay.status_code, replay.json()["error"]) == (400, "invalid_grant")
    assert client.userinfo(tokens["access_token"]).status_code == 401


def test_wrong_verifier_is_refused_and_burns_the_code(client: "Client") -> None:
    code = client.code("marie.durand")
    assert client.exchange(code, code_verifier="x" * 60).json()["error"] == "invalid_grant"
    assert client.exchange(code).json()["error"] == "invalid_grant"


def test_missing_verifier_is_refused(client: "Client") -> None:
    assert client.exchange(client.code("marie.durand"), code_verifier="").status_code == 400


def test_other_redirect_uri_at_the_token_endpoint_is_refused(client: "Client") -> None:
    answer = client.exchange(client.code("marie.durand"), redirect_uri="http://localhost:8001/comptexpert/retour/")
    assert answer.json()["error"] == "invalid_grant"


def test_wrong_client_secret_is_refused(client: "Client") -> None:
    answer = client.exchange(client.code("marie.durand"), basic=False, client_secret="faux")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_userinfo_without_a_token_is_refused(client: "Client") -> None:
    assert client.userinfo("faux").status_code == 401
    assert client.http.get(f"{client.issuer}/userinfo").status_code == 401


def test_prompt_none_without_a_session_asks_for_sign_in(client: "Client") -> None:
    callback = client.callback(client.http.get(client.request_url(prompt="none"), allow_redirects=False))
    assert (callback["error"], callback["state"]) == ("login_required", "un-etat")


def test_prompt_none_with_the_session_cookie_renews_without_a_page(client: "Client") -> None:
    cookie = client.choose("paul.martin").headers["Set-Cookie"].partition(";")[0]
    assert cookie.startswith("comptexpert_session=")
    answer = client.http.get(client.request_url(prompt="none"), headers={"Cookie": cookie}, allow_redirects=False)
    tokens = client.exchange(client.callback(answer)["code"]).json()
    assert client.decode(tokens["id_token"]).claims["sub"] == "paul.martin"


def test_rotated_keys_sign_and_the_former_one_still_verifies(client: "Client") -> None:
    before = client.tokens("marie.durand")["id_token"]
    published = client.http.post(f"{client.issuer}/keys/rotate").json()["published"]
    after = client.tokens("marie.durand")["id_token"]
    assert client.decode(after).header["kid"] == published[0]
    assert client.decode(before).header["kid"] == published[1]


def test_forgotten_keys_no_longer_verify(client: "Client") -> None:
    before = client.tokens("marie.durand")["id_token"]
    published = client.http.post(f"{client.issuer}/keys/rotate?forget=1").json()["published"]
    assert len(published) == 1
    with pytest.raises((JoseError, ValueError)):
        client.decode(before)


def test_home_page_lists_the_people_with_what_each_shows(client: "Client") -> None:
    page = client.http.get(f"{client.issuer}/").text
    assert page.count("<tr><td><b>") == 7
    assert "sans SIRET" in page


def test_healthz_answers(client: "Client") -> None:
    assert client.http.get(f"{client.issuer}/healthz").text == "ok"
