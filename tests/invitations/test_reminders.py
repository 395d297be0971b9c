"""Who is reminded, when, and once for each time that it is due."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client
from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Membership
from invitations.enums import InvitationState
from invitations.models import Invitation
from invitations.services import invite, save_settings, send_reminders
from invitations.tasks import follow_bounces
from tests.factories import Cabinet, make_cabinet, make_client
from tests.invitations.conftest import Link, client_now, invitation_now, link_in, send_waiting_mail, texts_of
from tests.outbox.smtp_server import Recorder
from tests.together import together

Send = Callable[[Membership, Client], Link]


@pytest.fixture(autouse=True)
def _reminded_after_a_week(cabinet: Cabinet) -> None:
    save_settings(cabinet.administrator, words="Nos mots.", reminder_days=7, max_reminders=2)


def pass_days(days: int, **fields: Any) -> None:
    """As if every invitation had been sent so long ago."""
    follow_bounces()
    with tenant(platform="the test lets time pass"):
        Invitation.objects.update(renewed_at=timezone.now() - timedelta(days=days), **fields)


def test_reminder_is_a_new_link_in_a_message_that_says_so(cabinet: Cabinet, link: Link, smtp: Recorder) -> None:
    pass_days(7)
    unchanged = client_now(cabinet.client).updated_at
    assert send_reminders() == 1
    send_waiting_mail()

    message = smtp.messages[-1]
    assert message["Subject"] == "Rappel : Cabinet Durand & Associés vous invite sur jefacture"
    assert "Notre précédent message est resté sans suite" in texts_of(smtp)[-1]
    assert "Nos mots." in texts_of(smtp)[-1]
    new = link_in(smtp, link.invitation)
    found = invitation_now(link.invitation)
    assert new.token != link.token
    assert (found.pk, found.reminders, found.state) == (link.invitation.pk, 1, InvitationState.QUEUED)
    assert (found.expires_at - found.renewed_at).days == 30
    assert client_now(cabinet.client).updated_at == unchanged
    with tenant(firm=cabinet.firm.pk):
        [entry] = JournalEntry.objects.filter(action="invitation.reminded")
    assert (entry.actor, entry.object_id) == ("Système", cabinet.client.pk)


def test_reminders_end_at_the_number_set_and_begin_anew_with_renvoyer(
    cabinet: Cabinet, link: Link, smtp: Recorder
) -> None:
    sent = []
    for _ in range(3):
        pass_days(7)
        sent += [send_reminders(), send_reminders()]
        send_waiting_mail()
    assert sent == [1, 0, 1, 0, 0, 0]
    assert len(smtp.messages) == 3
    invite(cabinet.administrator, client=cabinet.client)
    send_waiting_mail()
    pass_days(7)
    assert send_reminders() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"state": InvitationState.ACCEPTED},
        {"state": InvitationState.REVOKED},
        {"state": InvitationState.BOUNCED},
        {"state": InvitationState.EXPIRED},
        {"state": InvitationState.QUEUED},
        {"expires_at": timezone.now()},
        {"email": "ancienne@entreprise.test"},
    ],
    ids=["accepted", "revoked", "bounced", "expired", "queued", "past its date", "another address"],
)
def test_whom_nothing_can_be_said_to_is_not_reminded(link: Link, fields: dict[str, Any]) -> None:
    pass_days(7, **fields)
    assert send_reminders() == 0


def test_reminder_waits_for_its_day_and_for_a_file_that_is_invited(cabinet: Cabinet, link: Link) -> None:
    pass_days(6)
    assert send_reminders() == 0
    pass_days(8, state=InvitationState.OPENED)
    with tenant(firm=cabinet.firm.pk):
        Client.objects.update(status=ClientStatus.ARCHIVED)
    assert send_reminders() == 0
    with tenant(firm=cabinet.firm.pk):
        Client.objects.update(status=ClientStatus.INVITED)
    assert send_reminders() == 1


def test_firm_that_has_set_nothing_reminds_nobody(link: Link, other_cabinet: Cabinet, send_invitation: Send) -> None:
    theirs = send_invitation(other_cabinet.administrator, other_cabinet.client)
    pass_days(20)
    assert send_reminders() == 1
    assert (invitation_now(link.invitation).reminders, invitation_now(theirs.invitation).reminders) == (1, 0)


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_two_runs_at_once_remind_each_once(self) -> None:
        cabinet = make_cabinet()
        save_settings(cabinet.administrator, words="", reminder_days=3, max_reminders=2)
        for client in (cabinet.client, *(make_client(cabinet.firm) for _ in range(39))):
            invite(cabinet.administrator, client=client)
        pass_days(3, state=InvitationState.SENT)

        first, second = together(send_reminders, send_reminders)

        rest = send_reminders()
        assert first + second + rest == 40
        with tenant(firm=cabinet.firm.pk):
            assert set(Invitation.objects.values_list("reminders", "state")) == {(1, InvitationState.QUEUED)}
            assert JournalEntry.objects.filter(action="invitation.reminded").count() == 40
        assert send_reminders() == 0
