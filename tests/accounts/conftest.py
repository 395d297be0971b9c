"""A company account before its own pages, and the e-mails that its acts leave."""

import hashlib
import hmac
import struct
from base64 import b32decode
from collections.abc import Callable
from time import time
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from common.tenancy import tenant
from outbox.models import OutgoingEmail
from outbox.parts import Parts
from tests.factories import PASSWORD, CompanyUserFactory

Mail = Callable[[str], list[tuple[str, str]]]


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    """Django's test runner keeps mail in memory; the product leaves rows."""
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"


@pytest.fixture
def mail() -> Mail:
    """Subjects and texts of the messages that wait for an address, the first one first."""

    def waiting(address: str) -> list[tuple[str, str]]:
        with tenant(platform="the test reads the outbox"):
            found = OutgoingEmail.objects.filter(recipient=address).order_by("created_at")
            return [(email.subject, Parts.opened(bytes(email.sealed_body)).text) for email in found]

    return waiting


@pytest.fixture
def owner(db: None) -> User:
    return CompanyUserFactory.create(email="helene@premys.test", first_name="Hélène", last_name="Prémys")


@pytest.fixture
def browser(owner: User) -> Client:
    """Signed in by the form, as its owner does."""
    return sign_in(owner)


def sign_in(user: User, password: str = PASSWORD, **headers: str) -> Client:
    browser = Client(headers=headers)
    browser.post("/connexion/", {"login": user.email, "password": password})
    return browser


def prove(browser: Client, password: str = PASSWORD) -> None:
    """« Confirmez que c'est vous »."""
    assert browser.post("/compte/confirmer/", {"password": password}).status_code == 302


def is_signed_in(browser: Client) -> bool:
    return browser.get("/compte/").status_code == 200


def totp(secret: str, *, later: int = 0) -> str:
    """RFC 6238, as a telephone computes it: SHA-1, thirty seconds, six digits."""
    counter = struct.pack(">Q", int(time()) // 30 + later)
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
