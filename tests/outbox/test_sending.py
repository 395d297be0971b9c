"""A woken worker sends all that is due: over one connection, at the pace allowed, each message by itself."""

import threading
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from common.tenancy import tenant
from outbox.enums import EmailKind, EmailState
from outbox.models import OutgoingEmail
from outbox.services import cancel, queue
from outbox.services.sending import send_due
from tests.outbox.smtp_server import Recorder

pytestmark = pytest.mark.django_db(transaction=True)

_FIRM = uuid4()


def leave(number: int, *, recipient: str = "") -> list[OutgoingEmail]:
    with tenant(firm=_FIRM):
        return [
            queue(
                kind=EmailKind.INVITATION,
                recipient=recipient or f"gerant{n}@entreprise.test",
                subject=f"Objet {n}",
                text="Bonjour",
                about=uuid4(),
            )
            for n in range(number)
        ]


def states() -> dict[str, int]:
    with tenant(firm=_FIRM):
        found = list(OutgoingEmail.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def ids(emails: list[OutgoingEmail]) -> list[str]:
    return sorted(email.message_id for email in emails)


def arrived(smtp: Recorder) -> list[str]:
    return sorted(message["Message-ID"] for message in smtp.messages)


def test_one_woken_worker_sends_all_over_one_connection(smtp: Recorder) -> None:
    emails = leave(60)
    send_due(emails[0].pk)
    assert arrived(smtp) == ids(emails)
    assert list(smtp.connections.values()) == [60]
    assert states() == {EmailState.SENT: 60}


def test_woken_for_a_row_that_is_done_a_worker_looks_for_no_other(smtp: Recorder) -> None:
    [done] = leave(1)
    send_due(done.pk)
    leave(2)
    send_due(done.pk)
    assert len(smtp.raw) == 1


@pytest.mark.parametrize("cuts", [False, True])
def test_server_that_closes_the_connection_gets_the_rest_over_another(smtp: Recorder, cuts: bool) -> None:  # noqa: FBT001 - a test's parameter
    smtp.most_per_connection, smtp.cuts = 7, cuts
    emails = leave(20)
    send_due(emails[0].pk)
    assert arrived(smtp) == ids(emails)
    assert list(smtp.connections.values()) == [7, 7, 6]
    assert states() == {EmailState.SENT: 20}


def test_refusals_between_others_stop_none_of_them(smtp: Recorder) -> None:
    emails = leave(12)
    smtp.to_recipient = {"gerant3@entreprise.test": "550 5.1.1 unknown", "gerant5@entreprise.test": "451 4.7.1 later"}
    send_due(emails[0].pk)
    assert len(smtp.raw) == 10
    assert list(smtp.connections.values()) == [12]
    assert states() == {EmailState.SENT: 10, EmailState.BOUNCED: 1, EmailState.RETRYING: 1}


def test_server_that_does_not_answer_is_asked_once_for_all(settings: Settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    emails = leave(30)
    send_due(emails[0].pk)
    assert states() == {EmailState.QUEUED: 29, EmailState.RETRYING: 1}


def test_server_that_goes_away_half_way_is_asked_once_more_for_all(smtp: Recorder, settings: Settings) -> None:
    emails = leave(55)

    def go_away() -> None:
        settings.SMTP_URL = "smtp://127.0.0.1:1"
        smtp.most_per_connection, smtp.cuts = 0, True

    smtp.before_answer = go_away
    send_due(emails[0].pk)
    assert arrived(smtp) == ids(emails[:1])
    assert states() == {EmailState.SENT: 1, EmailState.RETRYING: 50, EmailState.QUEUED: 4}


def test_message_tried_before_takes_no_other_s_attempts_with_it(smtp: Recorder) -> None:
    """What kills its worker again and again must not use up the attempts of those sent with it."""
    emails = leave(3)
    with tenant(platform="the test puts a row where a worker that died leaves it"):
        OutgoingEmail.objects.filter(pk=emails[0].pk).update(attempts=5, wake_at=timezone.now())
    counted: list[list[int]] = []

    def count() -> None:
        with tenant(firm=_FIRM):
            counted.append(list(OutgoingEmail.objects.order_by("created_at").values_list("attempts", flat=True)))
        connection.close()

    smtp.before_answer = count
    send_due(emails[0].pk)
    assert counted[0] == [6, 0, 0]
    assert counted[-1] == [6, 1, 1]


def test_what_is_taken_back_while_others_leave_does_not_leave(smtp: Recorder) -> None:
    emails = leave(15)

    def take_back() -> None:
        smtp.before_answer = lambda: None
        with tenant(firm=_FIRM):
            cancel(about=[emails[-1].about])  # type: ignore[list-item] # given above
        connection.close()

    smtp.before_answer = take_back
    send_due(emails[0].pk)
    assert arrived(smtp) == ids(emails[:-1])
    assert states() == {EmailState.SENT: 14, EmailState.CANCELLED: 1}


def test_workers_at_once_share_the_mail_and_double_none(smtp: Recorder) -> None:
    emails = leave(80)
    _at_once([lambda pk=email.pk: send_due(pk) for email in emails[::20]])  # type: ignore[misc] # a lambda's default
    assert arrived(smtp) == ids(emails)
    assert states() == {EmailState.SENT: 80}


def test_workers_together_keep_the_pace(smtp: Recorder, settings: Settings) -> None:
    settings.SMTP_MESSAGES_PER_SECOND = 20
    emails = leave(16)
    begun = time.monotonic()
    _at_once([lambda pk=email.pk: send_due(pk) for email in emails[:3]])  # type: ignore[misc] # a lambda's default
    assert arrived(smtp) == ids(emails)
    assert time.monotonic() - begun >= 15 / 20


def test_without_redis_a_worker_keeps_the_pace_by_itself(smtp: Recorder, settings: Settings) -> None:
    settings.SMTP_MESSAGES_PER_SECOND, settings.REDIS_URL = 20, "redis://127.0.0.1:1/0"
    emails = leave(6)
    begun = time.monotonic()
    send_due(emails[0].pk)
    assert arrived(smtp) == ids(emails)
    assert time.monotonic() - begun >= 5 / 20


def _at_once(acts: list[Callable[[], None]]) -> None:
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        start.wait()
        act()
        connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
