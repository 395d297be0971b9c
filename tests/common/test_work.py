"""Rows that want a worker: claimed once, woken again when they wait too long, whatever becomes of Redis."""

from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from common.tenancy import tenant
from common.work import LEASE, begin_attempt, due_work, retry_delay
from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from tests import services
from tests.factories import FirmFactory

TASK = "outbox.tasks.send"


def make_email(*, wake_in: timedelta | None) -> OutgoingEmail:
    firm = FirmFactory.create()
    with tenant(firm=firm.pk):
        return OutgoingEmail.objects.create(
            firm_id=firm.pk,
            kind=EmailKind.ACCOUNT,
            message_id=f"<{firm.pk}@test>",
            recipient="a@b.test",
            sender="s@b.test",
            subject="Test",
            wake_at=None if wake_in is None else timezone.now() + wake_in,
        )


def due() -> list[OutgoingEmail]:
    with tenant(platform="the test looks for due work"):
        ids = due_work()[TASK]
        return list(OutgoingEmail.objects.filter(pk__in=ids))


@pytest.mark.django_db
def test_row_is_due_once_its_time_has_come() -> None:
    past = make_email(wake_in=-timedelta(seconds=1))
    make_email(wake_in=timedelta(minutes=1))
    make_email(wake_in=None)
    assert due() == [past]


@pytest.mark.django_db
def test_row_that_was_woken_has_its_lease_before_it_is_due_again() -> None:
    email = make_email(wake_in=-timedelta(seconds=1))
    assert due() == [email]
    assert due() == []
    with tenant(platform="the test reads the row"):
        email.refresh_from_db()
    assert email.wake_at is not None
    assert timedelta() < email.wake_at - timezone.now() <= LEASE


@pytest.mark.django_db
def test_attempt_is_counted_and_leased() -> None:
    email = make_email(wake_in=-timedelta(seconds=1))
    with tenant(platform="the test begins an attempt"):
        begin_attempt(email)
        email.refresh_from_db()
    assert email.attempts == 1
    assert due() == []


@pytest.mark.django_db(transaction=True)
def test_row_locked_by_a_worker_is_neither_claimed_nor_swept() -> None:
    email = make_email(wake_in=-timedelta(seconds=1))
    with psycopg.connect(services.current().server.url(services.current().database)) as other:
        other.execute("SELECT 1 FROM outbox_outgoingemail WHERE id = %s FOR UPDATE", [email.pk])
        with tenant(platform="the test tries to claim"):
            assert OutgoingEmail.claim(email.pk) is None
        assert due() == []
    with tenant(platform="the test claims"):
        assert OutgoingEmail.claim(email.pk) == email


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 10), (5, 80), (30, 3600)])
def test_retry_waits_longer_each_time(attempts: int, seconds: int) -> None:
    assert retry_delay(attempts) == timedelta(seconds=seconds)
