"""Links that let nobody in any more, and « Recevoir un nouveau lien »."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client as Browser
from django.utils import timezone

from accounts.models import User
from clients.models import Client
from clients.services import archive_client
from common.tenancy import tenant
from firms.models import Membership
from invitations.enums import InvitationState
from invitations.models import Invitation
from invitations.services import revoke
from invitations.tasks import expire as expire_task
from tests.factories import Cabinet, make_client
from tests.invitations.conftest import Link, client_now, invitation_now, link_in, send_waiting_mail
from tests.outbox.smtp_server import Recorder

Send = Callable[[Membership, Client], Link]


def expire(invitation: Invitation) -> None:
    with tenant(platform="the test lets time pass"):
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_expired_link_offers_a_new_one_that_goes_to_the_same_address(
    link: Link, cabinet: Cabinet, smtp: Recorder
) -> None:
    expire(link.invitation)
    page = Browser().get(link.path)
    assert page.status_code == 410
    assert "Recevoir un nouveau lien" in page.content.decode()
    assert Browser().post(link.path, link.form).status_code == 410
    assert Browser().post(f"{link.path}nouveau-lien/").status_code == 200
    send_waiting_mail()
    renewed = link_in(smtp, link.invitation)
    assert smtp.messages[-1]["To"] == cabinet.client.contact_email
    assert Browser().get(link.path).status_code == 404
    assert Browser().post(renewed.path, link.form).status_code == 302


def test_link_of_an_address_that_the_firm_has_replaced_is_not_renewed(
    link: Link, cabinet: Cabinet, smtp: Recorder, send_invitation: Send
) -> None:
    """Whoever reads the former address must not get in, before the new one is invited and after."""
    expire(link.invitation)
    expire_task()
    with tenant(firm=cabinet.firm.pk):
        Client.objects.filter(pk=cabinet.client.pk).update(contact_email="neuf@entreprise.test")
    assert Browser().post(f"{link.path}nouveau-lien/").status_code == 200
    new = send_invitation(cabinet.administrator, client_now(cabinet.client))
    assert invitation_now(link.invitation).state == InvitationState.REVOKED
    assert Browser().post(f"{link.path}nouveau-lien/").status_code == 200
    expire(new.invitation)
    expire_task()
    assert Browser().post(f"{link.path}nouveau-lien/").status_code == 200
    send_waiting_mail()
    assert [message["To"] for message in smtp.messages] == [cabinet.client.contact_email, "neuf@entreprise.test"]
    assert Browser().get(link.path).status_code == 410


def test_answer_to_a_request_for_a_new_link_is_always_the_same(
    link: Link, cabinet: Cabinet, smtp: Recorder, send_invitation: Send
) -> None:
    expired = send_invitation(cabinet.administrator, make_client(cabinet.firm))
    expire(expired.invitation)
    before = len(smtp.messages)
    answers = {
        Browser().post(f"{path}nouveau-lien/").content.decode().split("<main")[1].split("</main>")[0]
        for path in (expired.path, link.path, "/invitation/unknown/")
    }
    assert len(answers) == 1
    send_waiting_mail()
    assert len(smtp.messages) == before + 1


def test_new_links_are_not_sent_without_end(link: Link, smtp: Recorder) -> None:
    codes = [Browser(REMOTE_ADDR=f"192.0.2.{n}").post(f"{link.path}nouveau-lien/").status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]


def test_revoked_link_has_its_page(link: Link, cabinet: Cabinet) -> None:
    revoke(cabinet.administrator, invitation=link.invitation)
    page = Browser().get(link.path)
    assert page.status_code == 410
    assert "annulée" in page.content.decode()
    assert Browser().post(link.path, link.form).status_code == 410
    Browser().post(f"{link.path}nouveau-lien/")
    assert invitation_now(link.invitation).state == InvitationState.REVOKED


def test_link_of_an_archived_file_lets_nobody_in(link: Link, cabinet: Cabinet) -> None:
    archive_client(cabinet.administrator, client=cabinet.client)
    assert Browser().get(link.path).status_code == 410
    assert Browser().post(link.path, link.form).status_code == 410
    assert User.objects.company_users().count() == 0


def test_used_link_leads_its_person_to_the_space(link: Link, cabinet: Cabinet) -> None:
    browser = Browser()
    browser.post(link.path, link.form)
    page = browser.get(link.path)
    assert page.status_code == 410
    assert f"/entreprises/{cabinet.client.siren}/factures/" in page.content.decode()
