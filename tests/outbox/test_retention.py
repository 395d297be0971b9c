"""Old messages are forgotten, those that still wait are not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from common.tenancy import tenant
from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from outbox.services import queue, retention
from outbox.tasks import remove_old

pytestmark = pytest.mark.django_db

_FIRM = uuid4()


def leave(*, days_ago: float, waits: bool = False) -> OutgoingEmail:
    with tenant(firm=_FIRM):
        email = queue(kind=EmailKind.ACCOUNT, recipient="a@b.test", subject="Objet", text="Bonjour")
        values = {"created_at": timezone.now() - timedelta(days=days_ago)} | ({} if waits else {"wake_at": None})
        OutgoingEmail.objects.filter(pk=email.pk).update(**values)
    return email


def left() -> set[OutgoingEmail]:
    with tenant(firm=_FIRM):
        return set(OutgoingEmail.objects.all())


def test_messages_past_their_time_are_removed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_RETENTION_DAYS = 30
    monkeypatch.setattr(retention, "_BATCH", 2)
    kept = {leave(days_ago=29), leave(days_ago=31, waits=True)}
    for _ in range(5):
        leave(days_ago=31)
    remove_old()
    assert left() == kept
    remove_old()
    assert left() == kept
