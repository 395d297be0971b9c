import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Client

Received = queue.Queue[str]
EVENTS: dict[str, object] = {"http://schemas.openid.net/event/backchannel-logout": {}}


@pytest.fixture
def received(client: "Client") -> Iterator[Received]:
    """The logout tokens that arrive at a back-channel address of the client's."""
    tokens: Received = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens.put(parse_qs(body)["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        set_uris(client, [f"http://127.0.0.1:{server.server_port}/deconnexion/"])
        yield tokens
        set_uris(client, [])
        server.shutdown()
        thread.join()


def set_uris(client: "Client", uris: list[str]) -> None:
    client.http.put(f"{client.issuer}/backchannel-logout-uris", json=uris).raise_for_status()


def session_cookie(client: "Client", sub: str) -> str:
    return client.choose(sub).headers["Set-Cookie"].partition(";")[0]


def renewal(client: "Client", cookie: str) -> dict[str, str]:
    url = client.request_url(prompt="none")
    return client.callback(client.http.get(url, headers={"Cookie": cookie}, allow_redirects=False))


def test_changed_claims_are_served_to_a_token_given_before(client: "Client") -> None:
    tokens = client.tokens("paul.martin")
    answer = client.http.put(f"{client.issuer}/people/paul.martin", json={"cabinets": [], "email": "p@exemple.test"})
    assert answer.json()["logout"] == []
    userinfo = client.userinfo(tokens["access_token"]).json()
    assert (userinfo["cabinets"], userinfo["email"], userinfo["family_name"]) == ([], "p@exemple.test", "Martin")


def test_new_person_can_be_made_signed_in_and_forgotten(client: "Client") -> None:
    address = f"{client.issuer}/people/essai.un"
    cabinet = {"id": "C-9", "siret": "90416275700010", "name": "Essai", "delegations": [], "delegates": []}
    made = client.http.put(address, json={"cabinets": [cabinet]}).json()["person"]
    assert (made["sub"], made["profile_type"], made["cabinets"]) == ("essai.un", "expert-comptable", [cabinet])
    tokens = client.tokens("essai.un")
    assert client.http.delete(address).json() == {"person": None, "logout": []}
    assert client.http.get(address).status_code == 404
    assert client.userinfo(tokens["access_token"]).status_code == 401


def test_person_of_the_beginning_is_restored(client: "Client") -> None:
    address = f"{client.issuer}/people/paul.martin"
    before = client.http.get(address).json()
    client.http.put(address, json={"cabinets": []})
    client.http.delete(address)
    assert client.http.get(address).json() == before


def test_reset_restores_everybody_and_clears_faults(client: "Client") -> None:
    before = client.http.get(f"{client.issuer}/people").json()
    client.http.put(f"{client.issuer}/people/essai.deux", json={})
    client.http.put(f"{client.issuer}/people/marie.durand", json={"cabinets": []})
    client.arm("token_500")
    assert client.http.post(f"{client.issuer}/reset").json() == before
    assert client.exchange(client.code("marie.durand")).status_code == 200


@pytest.mark.parametrize("body", ["[]", "pas du JSON"])
def test_claims_that_are_no_object_are_refused(client: "Client", body: str) -> None:
    assert client.http.put(f"{client.issuer}/people/paul.martin", data=body).status_code == 400


def test_change_with_logout_ends_the_session_and_tells_the_client(client: "Client", received: Received) -> None:
    cookie = session_cookie(client, "paul.martin")
    tokens = client.tokens("paul.martin")
    answer = client.http.put(f"{client.issuer}/people/paul.martin?logout=1", json={"cabinets": []}).json()
    sent = received.get(timeout=5)
    assert [(each["status"], each["logout_token"]) for each in answer["logout"]] == [(200, sent)]
    token = client.decode(sent)
    claims = token.claims
    assert token.header["typ"] == "logout+jwt"
    assert (claims["iss"], claims["aud"], claims["sub"], claims["events"]) == (
        client.issuer,
        "essai",
        "paul.martin",
        EVENTS,
    )
    assert claims["exp"] > time.time()
    assert "nonce" not in claims
    assert renewal(client, cookie)["error"] == "login_required"
    assert client.userinfo(tokens["access_token"]).status_code == 401


def test_change_without_logout_keeps_the_session(client: "Client", received: Received) -> None:
    cookie = session_cookie(client, "paul.martin")
    client.http.put(f"{client.issuer}/people/paul.martin", json={"cabinets": []})
    assert sorted(renewal(client, cookie)) == ["code", "state"]
    assert received.empty()


def test_client_that_does_not_answer_is_reported(client: "Client") -> None:
    set_uris(client, ["http://127.0.0.1:1/deconnexion/"])
    answer = client.http.put(f"{client.issuer}/people/paul.martin?logout=1", json={}).json()
    set_uris(client, [])
    assert answer["logout"][0]["status"] is None
    assert "refused" in answer["logout"][0]["error"]


def test_logout_token_can_be_spoilt(client: "Client", received: Received) -> None:
    client.arm("logout_token_wrong_aud", "logout_token_missing_events", "logout_token_with_nonce", sub="paul.martin")
    client.http.put(f"{client.issuer}/people/paul.martin?logout=1", json={})
    claims = client.read(received.get(timeout=5))[1]
    assert (claims["aud"], claims.get("events"), claims["nonce"]) == ("un-autre-client", None, "interdit-ici")


def test_end_session_ends_that_session_only_and_returns_to_the_client(client: "Client", received: Received) -> None:
    kept = session_cookie(client, "marie.durand")
    answer = client.choose("marie.durand")
    ended = answer.headers["Set-Cookie"].partition(";")[0]
    id_token = client.exchange(client.callback(answer)["code"]).json()["id_token"]
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": "http://localhost:8000/", "state": "au-revoir"}
    gone = client.http.get(f"{client.issuer}/end-session", params=query, allow_redirects=False)
    assert (gone.status_code, gone.headers["Location"]) == (302, "http://localhost:8000/?state=au-revoir")
    assert client.read(received.get(timeout=5))[1]["sid"] == client.read(id_token)[1]["sid"]
    assert renewal(client, ended)["error"] == "login_required"
    assert sorted(renewal(client, kept)) == ["code", "state"]


def test_end_session_never_returns_to_a_stranger(client: "Client") -> None:
    query = {"client_id": "essai", "post_logout_redirect_uri": "https://ailleurs.example/"}
    answer = client.http.get(f"{client.issuer}/end-session", params=query, allow_redirects=False)
    assert (answer.status_code, "Location" in answer.headers) == (200, False)


def test_end_session_by_cookie_alone(client: "Client") -> None:
    cookie = session_cookie(client, "marie.durand")
    query = {"client_id": "essai", "post_logout_redirect_uri": "http://localhost:8000/connexion/"}
    answer = client.http.get(
        f"{client.issuer}/end-session", params=query, headers={"Cookie": cookie}, allow_redirects=False
    )
    assert urlsplit(answer.headers["Location"]).path == "/connexion/"
    assert renewal(client, cookie)["error"] == "login_required"
