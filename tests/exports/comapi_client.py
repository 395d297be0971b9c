"""A client of comapi as a partner would write it, from the table of the contract alone."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from django.test import Client as Browser


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    data: Any = None


#: method, absolute address or path, headers.
Transport = Callable[[str, str, Mapping[str, str]], Answer]


@dataclass(frozen=True)
class ComapiClient:
    transport: Transport
    api_key: str
    software_id: str
    base: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def call(self, address: str, *, method: str = "GET", **headers: str) -> Answer:
        own = {"X-API-KEY": self.api_key, "X-SOFTWARE-ID": self.software_id}
        return self.transport(method, address, {**own, **self.extra, **headers})

    def enterprises(self) -> Any:
        return self._list(f"{self.base}/comapi/v1/enterprise")

    def files(self, siren: str, kind: str, state: str) -> Any:
        return self._list(f"{self.base}/comapi/v1/invoice/{siren}/{kind}/{state}")

    def download(self, url: str) -> bytes:
        answer = self.call(url)
        assert answer.status == 200, answer
        assert answer.headers["Content-Type"] == "application/pdf"
        return answer.body

    def _list(self, address: str) -> Any:
        answer = self.call(address)
        assert answer.status == 200, answer
        return answer.data


def in_process(method: str, address: str, headers: Mapping[str, str]) -> Answer:
    """Django's test client, which never raises what a server would have answered with."""
    browser = Browser(raise_request_exception=False)
    path = address.removeprefix(f"http://{urlsplit(address).netloc}") if address.startswith("http") else address
    # As the bytes of a request line: the test client would read « //host/… » as an address without scheme.
    response = browser.generic(method, "/", headers=dict(headers), PATH_INFO=path)
    body = response.getvalue()
    is_json = response.headers["Content-Type"] == "application/json" and body
    return Answer(response.status_code, response.headers, body, json.loads(body) if is_json else None)


def over_http(method: str, address: str, headers: Mapping[str, str]) -> Answer:
    response = requests.request(method, address, headers=dict(headers), allow_redirects=False, timeout=20)
    is_json = response.headers["Content-Type"] == "application/json" and response.content
    return Answer(response.status_code, response.headers, response.content, response.json() if is_json else None)
