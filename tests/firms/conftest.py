"""ComptExpert's stand-in runs as a process of its own; a browser here is Django's client on our side of the trip and
a plain HTTP client with cookies on ComptExpert's."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from django.test import Client

ROOT = Path(__file__).parents[2]
LOGIN = "/comptexpert/connexion/"


@dataclass
class ComptExpert:
    """The stand-in's control: its people and faults."""

    url: str
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http.trust_env = False

    def change(self, sub: str, *, logout: bool = False, **claims: Any) -> dict[str, Any]:
        """Change a person's claims; the answer's `logout` holds the logout tokens that were sent."""
        answer = self.http.put(f"{self.url}/people/{sub}", json=claims, params={"logout": "1"} if logout else {})
        answer.raise_for_status()
        changed: dict[str, Any] = answer.json()
        return changed

    def claims(self, sub: str) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(f"{self.url}/people/{sub}").json()
        return found

    def commit(self, *faults: str, **options: Any) -> None:
        self.http.put(f"{self.url}/faults", json={"faults": faults, **options}).raise_for_status()

    def behave(self) -> None:
        self.http.delete(f"{self.url}/faults").raise_for_status()

    def rotate_keys(self) -> None:
        self.http.post(f"{self.url}/keys/rotate", params={"forget": "1"}).raise_for_status()

    def begin_anew(self) -> None:
        self.http.post(f"{self.url}/reset").raise_for_status()


@dataclass
class Browser:
    client: Client
    comptexpert: ComptExpert
    #: ComptExpert's cookies in this browser.
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http.trust_env = False

    def leave(self, address: str = LOGIN) -> str:
        """Press « Se connecter »: the address at ComptExpert where we are sent."""
        answer = self.client.get(address)
        assert answer.status_code == 302, answer.content.decode()
        return str(answer["Location"])

    def choose(self, address: str, sub: str) -> str:
        """Press a person's button there: the address that brings us back."""
        answer = self.http.post(address, data={"sub": sub}, allow_redirects=False)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["Location"].removeprefix("http://testserver")

    def pass_silently(self, address: str) -> str:
        answer = self.http.get(address, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].removeprefix("http://testserver")

    def sign_in(self, sub: str, *, address: str = LOGIN) -> Any:
        """The whole trip; our answer to the callback."""
        return self.client.get(self.choose(self.leave(address), sub))


@pytest.fixture(scope="session")
def comptexpert_process() -> Iterator[str]:
    command = [sys.executable, "-m", "sandbox.comptexpert", "--port", "0"]
    options = ["--client-secret", "test-only-secret", "--redirect-uri", "http://testserver/comptexpert/retour/"]
    options += ["--any-loopback-redirect"]  # a live server's own
    # Nobody listens there: the logout token comes back in the control's answer, and the test posts it.
    options += ["--backchannel-logout-uri", "http://127.0.0.1:9/comptexpert/deconnexion-serveur/"]
    with subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://localhost:")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=5)


@pytest.fixture
def comptexpert(comptexpert_process: str, settings: Any) -> Iterator[ComptExpert]:
    settings.COMPTEXPERT_ISSUER = comptexpert_process
    comptexpert = ComptExpert(comptexpert_process)
    yield comptexpert
    comptexpert.begin_anew()
    comptexpert.http.close()


@pytest.fixture
def new_browser(comptexpert: ComptExpert) -> Iterator[Callable[[], Browser]]:
    opened: list[Browser] = []

    def open_one() -> Browser:
        opened.append(Browser(Client(), comptexpert))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.http.close()


@pytest.fixture
def browser(new_browser: Callable[[], Browser], db: None) -> Browser:
    return new_browser()
