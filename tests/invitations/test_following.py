"""What time and the mail server make of invitations."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from clients.enums import ClientStatus
from clients.models import Client
from clients.services import archive_client, restore_client
from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Membership
from invitations.enums import InvitationState
from invitations.models import Invitation
from invitations.services import invite, revoke
from invitations.tasks import expire, follow_bounces
from tests.factories import Cabinet, make_client
from tests.invitations.conftest import Link, invitation_now, send_waiting_mail
from tests.outbox.smtp_server import Recorder

Send = Callable[[Membership, Client], Link]


def states(invitation: Invitation) -> tuple[str, str]:
    now = invitation_now(invitation)
    return now.state, now.client.status


def test_message_that_left_makes_the_invitation_sent(link: Link) -> None:
    assert states(link.invitation) == (InvitationState.QUEUED, ClientStatus.INVITED)
    follow_bounces()
    assert states(link.invitation) == (InvitationState.SENT, ClientStatus.INVITED)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("550 5.1.1 user unknown", "Cette adresse n'existe pas. Réponse du serveur : 550 5.1.1 user unknown"),
        ("554 5.7.1 refused", "Le serveur refuse le message. Réponse du serveur : 554 5.7.1 refused"),
    ],
)
def test_message_that_never_arrives_comes_back_to_the_client_s_row(
    cabinet: Cabinet, smtp: Recorder, answer: str, reason: str
) -> None:
    smtp.to_recipient[cabinet.client.contact_email] = answer
    invitation = invite(cabinet.administrator, client=cabinet.client)
    send_waiting_mail()
    follow_bounces()
    follow_bounces()
    assert states(invitation) == (InvitationState.BOUNCED, ClientStatus.BOUNCED)
    assert invitation_now(invitation).refusal == reason
    with tenant(firm=cabinet.firm.pk):
        [entry] = JournalEntry.objects.filter(action="invitation.bounced")
        assert (entry.actor, entry.object_id) == ("Système", cabinet.client.pk)


def test_old_refusal_says_nothing_of_a_link_sent_again(cabinet: Cabinet, smtp: Recorder) -> None:
    smtp.to_recipient[cabinet.client.contact_email] = "550 5.1.1 user unknown"
    invitation = invite(cabinet.administrator, client=cabinet.client)
    send_waiting_mail()
    follow_bounces()
    smtp.to_recipient.clear()
    again = invite(cabinet.administrator, client=cabinet.client)
    follow_bounces()
    assert again.pk == invitation.pk
    assert states(invitation) == (InvitationState.QUEUED, ClientStatus.INVITED)
    send_waiting_mail()
    follow_bounces()
    assert states(invitation) == (InvitationState.SENT, ClientStatus.INVITED)
    assert invitation_now(invitation).refusal == ""


def test_time_expires_what_is_open_and_nothing_else(send_invitation: Send, cabinet: Cabinet, link: Link) -> None:
    other = send_invitation(cabinet.administrator, make_client(cabinet.firm))
    with tenant(platform="the test lets time pass"):
        Invitation.objects.filter(pk=link.invitation.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    expire()
    expire()
    assert states(link.invitation) == (InvitationState.EXPIRED, ClientStatus.EXPIRED)
    assert states(other.invitation) == (InvitationState.QUEUED, ClientStatus.INVITED)
    with tenant(firm=cabinet.firm.pk):
        assert JournalEntry.objects.filter(action="invitation.expired").count() == 1
    again = invite(cabinet.administrator, client=cabinet.client)
    assert again.pk == link.invitation.pk
    assert states(again) == (InvitationState.QUEUED, ClientStatus.INVITED)


def test_archived_file_is_restored_to_where_its_invitation_stands_by_then(cabinet: Cabinet, link: Link) -> None:
    archive_client(cabinet.administrator, client=cabinet.client)
    with tenant(platform="the test lets time pass"):
        Invitation.objects.filter(pk=link.invitation.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    expire()
    assert states(link.invitation) == (InvitationState.EXPIRED, ClientStatus.ARCHIVED)
    restore_client(cabinet.administrator, client=cabinet.client)
    assert states(link.invitation) == (InvitationState.EXPIRED, ClientStatus.EXPIRED)


def test_revoked_while_archived_is_restored_as_never_invited(cabinet: Cabinet, link: Link) -> None:
    archive_client(cabinet.administrator, client=cabinet.client)
    revoke(cabinet.administrator, invitation=link.invitation)
    restore_client(cabinet.administrator, client=cabinet.client)
    assert states(link.invitation) == (InvitationState.REVOKED, ClientStatus.CREATED)
