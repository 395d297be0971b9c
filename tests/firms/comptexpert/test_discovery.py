"""Reading a provider's description and keys, against a small server whose answers each test decides."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from firms.comptexpert import discovery as module
from firms.comptexpert.discovery import Discovery
from firms.comptexpert.errors import ComptExpertError, Reason

WELL_KNOWN = "/.well-known/openid-configuration"


class Provider:
    """`answers` by path; a string is sent as it is. `asked` counts the calls."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.answers: dict[str, Any] = {WELL_KNOWN: self.description(), "/jwks": {"keys": []}}

    def description(self, **changes: Any) -> dict[str, Any]:
        ends = {"authorization_endpoint": "/a", "token_endpoint": "/t", "userinfo_endpoint": "/u", "jwks_uri": "/jwks"}
        return {"issuer": self.url, **{name: f"{self.url}{path}" for name, path in ends.items()}, **changes}


@pytest.fixture
def provider() -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            answer = served.answers.get(self.path)
            body = answer if isinstance(answer, str) else json.dumps(answer)
            self.send_response(200 if answer is not None else 500)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Provider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


def rsa(kid: str | None = "k1", **changes: str) -> dict[str, Any]:
    return {**RSAKey.generate_key(2048).as_dict(private=False), **({"kid": kid} if kid else {}), **changes}


def failure(act: Any, *arguments: Any) -> Reason:
    with pytest.raises(ComptExpertError) as caught:
        act(*arguments)
    return caught.value.reason


def test_provider_is_read_once(provider: Provider) -> None:
    found = Discovery(provider.url)
    assert (found.provider().token_endpoint, found.provider().issuer) == (f"{provider.url}/t", provider.url)
    assert provider.asked == [WELL_KNOWN]


def test_provider_issuer_keeps_its_final_slash(provider: Provider) -> None:
    provider.answers[WELL_KNOWN] = provider.description(issuer=f"{provider.url}/")
    assert Discovery(provider.url).provider().issuer == f"{provider.url}/"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("<html>", Reason.PROVIDER_UNREADABLE),
        ([], Reason.PROVIDER_UNREADABLE),
        (None, Reason.PROVIDER_DOWN),
        ({"issuer": "https://ailleurs.example"}, Reason.PROVIDER_OTHER_ISSUER),
        ({}, Reason.PROVIDER_OTHER_ISSUER),
    ],
)
def test_provider_wrong_description_is_a_named_error(provider: Provider, answer: Any, reason: Reason) -> None:
    provider.answers[WELL_KNOWN] = answer
    assert failure(Discovery(provider.url).provider) is reason


@pytest.mark.parametrize("endpoint", [None, "", 3, "file:///etc/passwd"])
def test_provider_endpoint_is_a_web_address(provider: Provider, endpoint: Any) -> None:
    provider.answers[WELL_KNOWN] = provider.description(token_endpoint=endpoint)
    assert failure(Discovery(provider.url).provider) is Reason.PROVIDER_UNREADABLE


def test_provider_away_keeps_the_old_description(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT_SECONDS", -1)
    found = Discovery(provider.url)
    known = found.provider()
    provider.answers[WELL_KNOWN] = None

    assert [found.provider(), found.provider()] == [known, known]
    assert provider.asked == [WELL_KNOWN, WELL_KNOWN]  # and is not asked by every call


def test_key_unknown_reads_the_keys_again_once_in_a_while(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    provider.answers["/jwks"] = {"keys": [rsa("k1")]}
    found = Discovery(provider.url)
    assert found.key("k1").key_id == "k1"
    provider.answers["/jwks"] = {"keys": [rsa("k2")]}
    assert failure(found.key, "k2") is Reason.TOKEN_KEY  # read less than a second ago

    monkeypatch.setattr(module, "_KEYS_PAUSE", 0)
    assert found.key("k2").key_id == "k2"
    assert failure(found.key, "k1") is Reason.TOKEN_KEY
    assert provider.asked.count("/jwks") == 3


@pytest.mark.parametrize(
    "jwk",
    [
        rsa(None),
        rsa("k1", use="enc"),
        rsa("k1", alg="RS512"),
        {**OctKey.generate_key(256).as_dict(private=True), "kid": "k1"},
        "k1",
    ],
)
def test_key_that_may_not_sign_is_left_out(provider: Provider, jwk: Any) -> None:
    provider.answers["/jwks"] = {"keys": [jwk]}
    assert failure(Discovery(provider.url).key, "k1") is Reason.TOKEN_KEY


@pytest.mark.parametrize("answer", ["<html>", {"keys": None}, {"keys": [{"kid": "k1", "kty": "RSA"}]}])
def test_keys_unreadable_is_a_named_error(provider: Provider, answer: Any) -> None:
    provider.answers["/jwks"] = answer
    assert failure(Discovery(provider.url).key, "k1") is Reason.PROVIDER_UNREADABLE
