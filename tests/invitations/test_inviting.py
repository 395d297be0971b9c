"""What a firm does: invite, send again, revoke."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from clients.enums import ClientStatus
from clients.models import Client
from common.models import JournalEntry
from common.permissions import ForbiddenError
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership
from invitations.enums import InvitationState
from invitations.errors import AlreadyActiveError, ArchivedClientError, InvitationError, NoAddressError
from invitations.models import Invitation
from invitations.services import invite, revoke
from outbox.enums import EmailState
from outbox.models import OutgoingEmail
from tests.factories import Cabinet, make_active_client, make_client
from tests.invitations.conftest import Link, client_now, invitation_now, send_waiting_mail
from tests.outbox.smtp_server import Recorder

Send = Callable[[Membership, Client], Link]


def actions(client: Client) -> list[str]:
    with tenant(firm=client.firm_id):
        return list(JournalEntry.objects.filter(object_id=client.pk).order_by("id").values_list("action", flat=True))


def mails(cabinet: Cabinet) -> list[OutgoingEmail]:
    with tenant(firm=cabinet.firm.pk):
        return list(OutgoingEmail.objects.order_by("created_at"))


def test_invitation_is_an_e_mail_with_the_link_and_the_client_is_invited(
    cabinet: Cabinet, link: Link, smtp: Recorder
) -> None:
    [message] = smtp.messages
    assert message["To"] == cabinet.client.contact_email
    assert message["Subject"] == "Cabinet Durand & Associés vous invite sur jefacture"
    html = message.get_body(("html",))
    assert html is not None
    assert f'href="http://localhost:8000{link.path}"' in html.get_content()
    assert "Cabinet Durand &amp; Associés" in html.get_content()
    text = message.get_body(("plain",))
    assert text is not None
    assert "Cabinet Durand & Associés tient la comptabilité de" in text.get_content()
    assert client_now(cabinet.client).status == ClientStatus.INVITED
    assert (link.invitation.expires_at - link.invitation.renewed_at).days == 30
    assert actions(cabinet.client) == ["invitation.created"]


def test_token_is_written_nowhere(cabinet: Cabinet, smtp: Recorder) -> None:
    """Neither while the message waits nor after it has left."""
    invitation = invite(cabinet.administrator, client=cabinet.client)
    waiting = _every_row()
    send_waiting_mail()
    token = _token_of(smtp)
    assert [place for place, text in waiting + _every_row() if token in text] == []
    assert [place for place, text in _every_row() if invitation.token_sha256 in text] == ["invitations_invitation"]


def test_sending_again_keeps_the_invitation_and_changes_the_link(cabinet: Cabinet, link: Link, smtp: Recorder) -> None:
    again = invite(cabinet.assigned, client=cabinet.client)
    send_waiting_mail()
    assert again.pk == link.invitation.pk
    assert again.token_sha256 != link.invitation.token_sha256
    assert len({message["Message-ID"] for message in smtp.messages}) == 2
    assert actions(cabinet.client) == ["invitation.created", "invitation.renewed"]


def test_message_that_still_waits_is_replaced(cabinet: Cabinet, smtp: Recorder) -> None:
    invite(cabinet.administrator, client=cabinet.client)
    invite(cabinet.administrator, client=cabinet.client)
    send_waiting_mail()
    assert len(smtp.messages) == 1
    assert [email.state for email in mails(cabinet)] == [EmailState.CANCELLED, EmailState.SENT]


def test_new_address_revokes_the_old_invitation(cabinet: Cabinet, link: Link) -> None:
    with tenant(firm=cabinet.firm.pk):
        Client.objects.filter(pk=cabinet.client.pk).update(contact_email="autre@entreprise.test")
    new = invite(cabinet.administrator, client=cabinet.client)
    assert new.pk != link.invitation.pk
    assert new.email == "autre@entreprise.test"
    assert invitation_now(link.invitation).state == InvitationState.REVOKED


@pytest.mark.parametrize(
    ("status", "email", "error"),
    [
        (ClientStatus.CREATED, "", NoAddressError),
        (ClientStatus.ARCHIVED, "a@b.test", ArchivedClientError),
        (ClientStatus.CREATED, "pas une adresse", InvitationError),
    ],
)
def test_client_who_cannot_be_invited_gets_nothing(
    cabinet: Cabinet, status: ClientStatus, email: str, error: type[InvitationError]
) -> None:
    client = make_client(cabinet.firm, status=status, contact_email=email)
    with pytest.raises(error):
        invite(cabinet.administrator, client=client)
    assert mails(cabinet) == []
    assert client_now(client).status == status


def test_active_client_is_not_invited(cabinet: Cabinet) -> None:
    with pytest.raises(AlreadyActiveError):
        invite(cabinet.administrator, client=make_active_client(cabinet.firm))


def test_firm_s_own_file_is_not_invited(cabinet: Cabinet) -> None:
    with pytest.raises(ForbiddenError):
        invite(cabinet.administrator, client=make_client(cabinet.firm, is_firm_file=True))


def test_member_whose_access_ended_invites_nobody(cabinet: Cabinet) -> None:
    cabinet.assigned.status = MembershipStatus.DISABLED
    with pytest.raises(ForbiddenError):
        invite(cabinet.assigned, client=cabinet.client)


def test_revoked_invitation_takes_its_message_back(cabinet: Cabinet, smtp: Recorder) -> None:
    invitation = invite(cabinet.administrator, client=cabinet.client)
    revoke(cabinet.administrator, invitation=invitation)
    send_waiting_mail()
    assert smtp.messages == []
    assert invitation_now(invitation).state == InvitationState.REVOKED
    assert client_now(cabinet.client).status == ClientStatus.CREATED
    assert actions(cabinet.client) == ["invitation.created", "invitation.revoked"]


def test_another_firm_sees_no_invitation(cabinet: Cabinet, other_cabinet: Cabinet, link: Link) -> None:
    with tenant(firm=other_cabinet.firm.pk):
        assert Invitation.objects.count() == 0


def _token_of(smtp: Recorder) -> str:
    text = smtp.messages[-1].get_body(("plain",))
    assert text is not None
    return str(text.get_content()).split("/invitation/")[1].split("/")[0]


def _every_row() -> list[tuple[str, str]]:
    """(table, row as text) of the whole database, as the platform sees it."""
    rows = []
    with tenant(platform="the test searches every table"), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [(table, text) for (text,) in cursor.fetchall()]
    return rows


def test_search_of_every_table_does_find_what_is_there(cabinet: Cabinet) -> None:
    marker = str(uuid4())
    make_client(cabinet.firm, name=marker)
    assert [table for table, text in _every_row() if marker in text] == ["clients_client"]
