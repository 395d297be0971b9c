"""Each stand-in runs as its own process on a free port; tests speak HTTP and SMTP to it, as the product does."""

import base64
import hashlib
import json
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

ROOT = Path(__file__).parents[2]
CLIENT_ID, CLIENT_SECRET = "essai", "un-secret-pour-essai"
CALLBACK = "http://localhost:8000/comptexpert/retour/"

Run = Callable[..., AbstractContextManager[str]]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(module: str, *options: str) -> Iterator[str]:
    """Answer the process's address once it says it listens; at the end it must leave on SIGTERM, at once."""
    command = [sys.executable, "-m", module, *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://localhost:"), f"{module} did not start"
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                assert process.wait(timeout=3) == 0
            finally:
                process.kill()


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    """Takes the place of the fixture that every other room needs: the stand-ins know neither Redis nor Django."""


@pytest.fixture
def free_port() -> int:
    return _free_port()


@pytest.fixture(scope="session")
def run() -> Run:
    return running


@pytest.fixture(scope="session")
def http() -> Iterator[requests.Session]:
    """A plain client: no proxy from the environment, and no cookies kept."""
    with requests.Session() as session:
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        yield session


@dataclass
class Client:
    """The part of an OpenID client that these tests need, with one PKCE pair and one nonce."""

    issuer: str
    http: requests.Session
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def request_url(self, **changes: str | None) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": CALLBACK,
            "scope": "openid email",
            "state": "un-etat",
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        kept = {name: value for name, value in query.items() if value is not None}
        return f"{self.issuer}/authorize?{urlencode(kept)}"

    def choose(self, sub: str, **changes: str | None) -> requests.Response:
        """Press the person's button on the sign-in page."""
        return self.http.post(self.request_url(**changes), {"sub": sub}, allow_redirects=False)

    def callback(self, answer: requests.Response) -> dict[str, str]:
        assert answer.status_code == 302
        location = answer.headers["Location"]
        assert location.partition("?")[0] == CALLBACK
        return dict(parse_qsl(urlsplit(location).query))

    def code(self, sub: str) -> str:
        return self.callback(self.choose(sub))["code"]

    def exchange(self, code: str, *, basic: bool = True, **changes: str) -> requests.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        form |= {"code_verifier": self.verifier}
        if not basic:
            form |= {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        auth = (CLIENT_ID, CLIENT_SECRET) if basic else None
        return self.http.post(f"{self.issuer}/token", {**form, **changes}, auth=auth)

    def tokens(self, sub: str) -> dict[str, Any]:
        answer = self.exchange(self.code(sub))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def decode(self, token: str) -> jwt.Token:
        """Check a token's signature with the published keys."""
        keys = KeySet.import_key_set(self.http.get(f"{self.issuer}/jwks").json())
        return jwt.decode(token, keys, ["RS256"])

    def arm(self, *faults: str, sub: str | None = None, once: bool = False, seconds: float = 10) -> None:
        body = {"faults": list(faults), "sub": sub, "once": once, "seconds": seconds}
        self.http.put(f"{self.issuer}/faults", json=body).raise_for_status()

    def armed(self) -> list[dict[str, Any]]:
        return list(self.http.get(f"{self.issuer}/faults").json()["armed"])

    @staticmethod
    def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Answer a token's header and claims without a look at the signature."""
        header, claims, _signature = token.split(".")
        return _json_part(header), _json_part(claims)

    def userinfo(self, access_token: str) -> requests.Response:
        return self.http.get(f"{self.issuer}/userinfo", headers={"Authorization": f"Bearer {access_token}"})


def _json_part(part: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


@pytest.fixture(scope="session")
def comptexpert() -> Iterator[str]:
    options = ["--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET, "--any-loopback-redirect"]
    with running("sandbox.comptexpert", "--port", "0", *options) as address:
        yield address


@pytest.fixture
def client(comptexpert: str, http: requests.Session) -> Iterator[Client]:
    """A client of a provider that is as at its start, and is left so."""
    http.post(f"{comptexpert}/reset").raise_for_status()
    yield Client(comptexpert, http)
    http.post(f"{comptexpert}/reset").raise_for_status()


@pytest.fixture(scope="session")
def jedeclare() -> Iterator[str]:
    with running("sandbox.jedeclare", "--port", "0", "--slow-seconds", "0.4") as address:
        yield address


@pytest.fixture
def company_directory(http: requests.Session, _company_directory: str) -> str:
    """As at its start."""
    http.post(f"{_company_directory}/reset").raise_for_status()
    return _company_directory


@pytest.fixture(scope="module")
def _company_directory() -> Iterator[str]:
    with running("sandbox.company_directory", "--port", "0") as address:
        yield address


@dataclass
class MailSink:
    address: str
    smtp_port: int
    maildir: Path


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailSink]:
    port, maildir = _free_port(), tmp_path / "mail"
    options = ["--smtp-port", str(port), "--http-port", "0", "--maildir", str(maildir)]
    with running("sandbox.mail", *options) as address:
        yield MailSink(address, port, maildir)
