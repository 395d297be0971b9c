"""`manage.py rotate_encryption_keys`: afterwards the old key can be dropped, and everything sealed still opens."""

import io
import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from pytest_django import Settings

from common.models import JournalEntry
from common.sealing import UnsealError, seal
from common.tenancy import tenant
from firms.comptexpert.session import KeptRights
from firms.keys import issue_key, reveal_key
from firms.models import ApiKey
from jefacture import resealing
from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from outbox.parts import Parts
from outbox.services import queue
from tests.factories import Cabinet, CompanyUserFactory, make_cabinet
from tests.test_platform_uses import ROOMS, ROOT

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
PLACES = ("api_keys", "emails", "second_factors", "sessions")


@pytest.fixture
def cabinets(settings: Settings) -> list[Cabinet]:
    settings.ENCRYPTION_KEYS = [OLD]
    return [make_cabinet(), make_cabinet()]


def rotate() -> dict[str, dict[str, int]]:
    written = io.StringIO()
    call_command("rotate_encryption_keys", stdout=written)
    told: dict[str, dict[str, int]] = json.loads(written.getvalue())
    return told


def counts(resealed: int) -> dict[str, dict[str, int]]:
    return {place: {"resealed": resealed, "unreadable": 0} for place in PLACES}


def leave(cabinet: Cabinet, text: str) -> OutgoingEmail:
    with tenant(firm=cabinet.firm.pk):
        return queue(kind=EmailKind.INVITATION, recipient="a@b.test", subject="Objet", text=text)


def factors(secret: str) -> list[Authenticator]:
    """The secret of an application; a passkey, which has nothing sealed."""
    user = CompanyUserFactory.create()
    sealed = {"secret": seal(secret).decode()}
    passkey = {"name": "Clé", "credential": {"secret_looking": "but public"}}
    return [
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=sealed),
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=passkey),
    ]


def session(token: str) -> Session:
    browser = Browser()
    content = browser.session
    KeptRights(token=seal(token).decode(), subject="eve", read_at=time.time()).keep(content)
    content["other"] = "value"
    content.save()
    return Session.objects.get(pk=content.session_key)


def rights(found: Session) -> KeptRights:
    kept: Any = Session.objects.get(pk=found.pk).get_decoded()
    assert kept["other"] == "value"
    return KeptRights(**kept["comptexpert"])


def opened_body(email: OutgoingEmail, cabinet: Cabinet) -> str:
    with tenant(firm=cabinet.firm.pk):
        return Parts.opened(bytes(OutgoingEmail.objects.get(pk=email.pk).sealed_body)).text


def test_old_key_can_be_dropped_afterwards(
    cabinets: list[Cabinet], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 2)  # three rows in each place are more than one batch
    owners = [*cabinets, cabinets[0]]
    keys = [issue_key(cabinet.firm, name="Clé") for cabinet in owners]
    emails = [leave(cabinet, f"texte {number}") for number, cabinet in enumerate(owners)]
    totp = [factors(f"secret {number}")[0] for number in range(3)]
    sessions = [session(f"jeton {number}") for number in range(3)]
    sent = leave(cabinets[0], "parti")
    with tenant(firm=cabinets[0].firm.pk):
        OutgoingEmail.objects.filter(pk=sent.pk).update(sealed_body=b"")

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert rotate() == counts(3)
    assert rotate() == counts(0)
    with tenant(platform="a test reads what belongs to no firm"):
        lines = JournalEntry.objects.filter(action="platform.keys_rotated", firm_id=None).order_by("id")
        assert [(line.actor, line.data["resealed"]) for line in lines] == [
            ("Assistance", counts(3)),
            ("Assistance", counts(0)),
        ]

    settings.ENCRYPTION_KEYS = [NEW]
    owned = zip(owners, keys, strict=True)
    shown = [reveal_key(owner.administrator, key=ApiKey.objects.get(pk=key.pk)) for owner, (key, _raw) in owned]
    assert shown == [raw for _key, raw in keys]
    bodies = [opened_body(email, owner) for email, owner in zip(emails, owners, strict=True)]
    assert bodies == ["texte 0", "texte 1", "texte 2"]
    stored = [Authenticator.objects.get(pk=factor.pk).data["secret"] for factor in totp]
    assert [get_adapter().decrypt(secret) for secret in stored] == ["secret 0", "secret 1", "secret 2"]
    assert [rights(found).access_token for found in sessions] == ["jeton 0", "jeton 1", "jeton 2"]


def test_value_that_no_key_opens_is_told_and_left(cabinets: list[Cabinet], settings: Settings) -> None:
    key, raw = issue_key(cabinets[0].firm, name="Clé")
    settings.ENCRYPTION_KEYS = [NEW]
    issue_key(cabinets[1].firm, name="Clé")
    with pytest.raises(CommandError, match="opens 1 of the values"):
        rotate()
    with pytest.raises(UnsealError):
        reveal_key(cabinets[0].administrator, key=ApiKey.objects.get(pk=key.pk))
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert rotate() == counts(0) | {"api_keys": {"resealed": 1, "unreadable": 0}}
    settings.ENCRYPTION_KEYS = [NEW]
    assert reveal_key(cabinets[0].administrator, key=ApiKey.objects.get(pk=key.pk)) == raw


def test_every_module_that_seals_is_thought_of() -> None:
    """One that is added here has its place in jefacture/resealing.py, or its old key can never be dropped."""
    sealing = re.compile(r"from common\.sealing import .*\bseal(?:_bytes)?\b")
    found = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if sealing.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"accounts/mfa.py", "firms/comptexpert/session.py", "firms/keys.py", "outbox/parts.py"}
