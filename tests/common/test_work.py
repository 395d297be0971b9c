"""Rows that want a worker: claimed once, woken again when they wait too long, whatever becomes of Redis."""

from contextlib import suppress
from datetime import timedelta
from queue import Empty
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu import Connection

from common.tenancy import tenant
from common.work import LEASE, begin_attempt, due_work, retry_delay
from invitations.models import InvitationBatch
from outbox.enums import EmailKind
from outbox.models import OutgoingEmail
from outbox.services import queue
from tests import services
from tests.factories import make_cabinet

TASK = InvitationBatch.wake_task


def make_work(*, wake_in: timedelta | None) -> InvitationBatch:
    cabinet = make_cabinet()
    with tenant(firm=cabinet.firm.pk):
        return InvitationBatch.objects.create(
            firm=cabinet.firm,
            created_by=cabinet.administrator,
            total=1,
            wake_at=None if wake_in is None else timezone.now() + wake_in,
        )


def make_email() -> OutgoingEmail:
    return make_email_of(uuid4())


def make_email_of(firm: UUID) -> OutgoingEmail:
    with tenant(firm=firm):
        return queue(kind=EmailKind.ACCOUNT, recipient="a@b.test", subject="Test", text="Test")


def due() -> list[InvitationBatch]:
    with tenant(platform="the test looks for due work"):
        ids = due_work()[TASK]
        return list(InvitationBatch.objects.filter(pk__in=ids))


@pytest.mark.django_db
def test_row_is_due_once_its_time_has_come() -> None:
    past = make_work(wake_in=-timedelta(seconds=1))
    make_work(wake_in=timedelta(minutes=1))
    make_work(wake_in=None)
    assert due() == [past]


@pytest.mark.django_db
def test_row_that_was_woken_has_its_lease_before_it_is_due_again() -> None:
    work = make_work(wake_in=-timedelta(seconds=1))
    assert due() == [work]
    assert due() == []
    with tenant(platform="the test reads the row"):
        work.refresh_from_db()
    assert work.wake_at is not None
    assert timedelta() < work.wake_at - timezone.now() <= LEASE


@pytest.mark.django_db
def test_attempt_is_counted_and_leased() -> None:
    work = make_work(wake_in=-timedelta(seconds=1))
    with tenant(platform="the test begins an attempt"):
        begin_attempt(work)
        work.refresh_from_db()
    assert work.attempts == 1
    assert due() == []


@pytest.mark.django_db(transaction=True)
def test_row_locked_by_a_worker_is_neither_claimed_nor_swept() -> None:
    work = make_work(wake_in=-timedelta(seconds=1))
    with psycopg.connect(services.current().server.url(services.current().database)) as other:
        other.execute("SELECT 1 FROM invitations_invitationbatch WHERE id = %s FOR UPDATE", [work.pk])
        with tenant(platform="the test tries to claim"):
            assert InvitationBatch.claim(work.pk) is None
        assert due() == []
    with tenant(platform="the test claims"):
        assert InvitationBatch.claim(work.pk) == work


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 10), (5, 80), (30, 3600)])
def test_retry_waits_longer_each_time(attempts: int, seconds: int) -> None:
    assert retry_delay(attempts) == timedelta(seconds=seconds)


@pytest.mark.django_db
def test_one_worker_is_woken_for_all_the_mail_that_is_due_and_no_row_is_leased() -> None:
    first, _second = make_email(), make_email()
    with tenant(platform="the test looks for due work"):
        assert [due_work()[OutgoingEmail.wake_task] for _ in range(2)] == [[first.pk], [first.pk]]


@pytest.mark.django_db(transaction=True)
def test_transaction_wakes_one_worker_for_all_the_mail_that_it_leaves() -> None:
    firm = uuid4()
    with tenant(firm=firm):
        with suppress(RuntimeError), transaction.atomic():
            make_email_of(firm)
            raise RuntimeError  # what is rolled back wakes nobody
        kept = [make_email_of(firm) for _ in range(3)]
    with Connection(settings.CELERY_BROKER_URL) as broker:
        queued = [broker.SimpleQueue("celery").get(block=False).payload[0] for _ in range(1)]
        with pytest.raises(Empty):
            broker.SimpleQueue("celery").get(block=False)
    assert queued == [[str(kept[0].pk)]]
