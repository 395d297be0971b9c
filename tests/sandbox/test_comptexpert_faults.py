import time
from typing import TYPE_CHECKING

import pytest
from joserfc.errors import BadSignatureError

if TYPE_CHECKING:
    from tests.sandbox.conftest import Client


@pytest.mark.parametrize(
    ("fault", "claim", "value"),
    [
        ("id_token_wrong_iss", "iss", "https://ailleurs.example"),
        ("id_token_wrong_aud", "aud", "un-autre-client"),
        ("id_token_wrong_azp", "azp", "un-autre-client"),
        ("id_token_missing_azp", "azp", None),
        ("id_token_several_audiences", "aud", ["essai", "un-autre-client"]),
        ("id_token_wrong_nonce", "nonce", "un-autre-nonce"),
        ("id_token_missing_nonce", "nonce", None),
        ("id_token_missing_exp", "exp", None),
        ("id_token_other_sub", "sub", "quelquun.dautre"),
    ],
)
def test_spoilt_claim_is_signed_by_the_published_key(client: "Client", fault: str, claim: str, value: object) -> None:
    client.arm(fault, sub="marie.durand")
    assert client.decode(client.tokens("marie.durand")["id_token"]).claims.get(claim) == value


def test_expired_token_is_otherwise_right(client: "Client") -> None:
    client.arm("id_token_expired")
    claims = client.decode(client.tokens("marie.durand")["id_token"]).claims
    assert claims["exp"] < time.time()


def test_wrong_signature_names_the_published_key(client: "Client") -> None:
    client.arm("id_token_wrong_signature")
    token = client.tokens("marie.durand")["id_token"]
    published = [key["kid"] for key in client.http.get(f"{client.issuer}/jwks").json()["keys"]]
    assert client.read(token)[0]["kid"] == published[0]
    with pytest.raises(BadSignatureError):
        client.decode(token)


@pytest.mark.parametrize(
    ("fault", "name", "value"),
    [
        ("id_token_unknown_kid", "kid", "comptexpert-inconnu"),
        ("id_token_missing_kid", "kid", None),
        ("id_token_alg_none", "alg", "none"),
        ("id_token_alg_hs256", "alg", "HS256"),
    ],
)
def test_spoilt_header(client: "Client", fault: str, name: str, value: str | None) -> None:
    client.arm(fault)
    assert client.read(client.tokens("marie.durand")["id_token"])[0].get(name) == value


def test_missing_id_token(client: "Client") -> None:
    client.arm("id_token_missing")
    assert sorted(client.tokens("marie.durand")) == ["access_token", "expires_in", "scope", "token_type"]


@pytest.mark.parametrize(
    ("fault", "status", "content_type"),
    [
        ("token_500", 500, "application/json"),
        ("token_not_json", 200, "text/html; charset=utf-8"),
        ("token_invalid_grant", 400, "application/json"),
    ],
)
def test_broken_token_endpoint(client: "Client", fault: str, status: int, content_type: str) -> None:
    client.arm(fault)
    answer = client.exchange(client.code("marie.durand"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)


def test_slow_token_endpoint_answers_in_the_end(client: "Client") -> None:
    client.arm("token_slow", seconds=0.3)
    started = time.monotonic()
    assert client.exchange(client.code("marie.durand")).status_code == 200
    assert time.monotonic() - started > 0.3


@pytest.mark.parametrize(
    ("fault", "status"), [("userinfo_500", 500), ("userinfo_401", 401), ("userinfo_not_json", 200)]
)
def test_broken_userinfo(client: "Client", fault: str, status: int) -> None:
    tokens = client.tokens("marie.durand")
    client.arm(fault)
    answer = client.userinfo(tokens["access_token"])
    assert answer.status_code == status
    assert "cabinets" not in answer.text


def test_userinfo_of_somebody_else(client: "Client") -> None:
    tokens = client.tokens("marie.durand")
    client.arm("userinfo_other_sub")
    assert client.userinfo(tokens["access_token"]).json()["sub"] == "quelquun.dautre"


def test_broken_keys(client: "Client") -> None:
    client.arm("jwks_500", once=True)
    assert [client.http.get(f"{client.issuer}/jwks").status_code for _ in range(2)] == [500, 200]
    client.arm("jwks_empty")
    assert client.http.get(f"{client.issuer}/jwks").json() == {"keys": []}


@pytest.mark.parametrize("error", ["access_denied", "server_error", "login_required"])
def test_authorization_error_comes_back_with_the_state(client: "Client", error: str) -> None:
    client.arm(f"authorize_{error}", sub="marie.durand")
    assert client.callback(client.choose("marie.durand")) == {"error": error, "state": "un-etat"}


def test_wrong_state_and_missing_code(client: "Client") -> None:
    client.arm("authorize_wrong_state", "authorize_missing_code")
    assert client.callback(client.choose("marie.durand")) == {"state": "un-autre-etat"}


def test_fault_for_one_person_leaves_the_others_alone(client: "Client") -> None:
    client.arm("token_500", sub="marie.durand")
    assert client.exchange(client.code("paul.martin")).status_code == 200
    assert client.exchange(client.code("marie.durand")).status_code == 500


def test_fault_that_happens_once_is_used_up(client: "Client") -> None:
    client.arm("token_500", once=True)
    assert [client.exchange(client.code("marie.durand")).status_code for _ in range(2)] == [500, 200]
    assert client.armed() == []


def test_faults_of_one_scope_are_replaced_and_cleared(client: "Client") -> None:
    client.arm("token_500", sub="marie.durand")
    client.arm("userinfo_500")
    client.arm("token_slow", sub="marie.durand")
    assert [(fault["name"], fault["sub"]) for fault in client.armed()] == [
        ("userinfo_500", None),
        ("token_slow", "marie.durand"),
    ]
    client.http.delete(f"{client.issuer}/faults?sub=marie.durand").raise_for_status()
    assert [fault["name"] for fault in client.armed()] == ["userinfo_500"]


def test_unknown_fault_is_refused_with_the_known_ones(client: "Client") -> None:
    answer = client.http.put(f"{client.issuer}/faults", json={"faults": ["id_token_expire"]})
    assert answer.status_code == 400
    assert "id_token_expired" in answer.json()["error"]


def test_keys_cannot_fail_for_one_person(client: "Client") -> None:
    answer = client.http.put(f"{client.issuer}/faults", json={"faults": ["jwks_500"], "sub": "marie.durand"})
    assert (answer.status_code, client.armed()) == (400, [])
