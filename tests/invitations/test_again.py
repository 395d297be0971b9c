"""« Mes invitations »: many sent again by one act, and what is said of those that were not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from lxml import html

from clients.models import Client
from common.tenancy import tenant
from firms.models import Membership
from invitations.enums import InvitationState
from invitations.models import Invitation, InvitationBatch
from invitations.services import invite, revoke, run_batch
from tests.browsing import text_of
from tests.factories import Cabinet, make_client
from tests.invitations.conftest import Link, browser_of, invitation_now, send_waiting_mail, texts_of
from tests.outbox.smtp_server import Recorder

Send = Callable[[Membership, Client], Link]


def url(name: str, cabinet: Cabinet, *args: Any) -> str:
    return reverse(f"invitations:{name}", args=[cabinet.firm.siret, *args])


@pytest.fixture
def browser(cabinet: Cabinet) -> Browser:
    return browser_of(cabinet.administrator.user)


def age(invitation: Invitation, *, days: int, state: InvitationState = InvitationState.EXPIRED) -> None:
    with tenant(firm=invitation.firm_id):
        Invitation.objects.filter(pk=invitation.pk).update(
            renewed_at=timezone.now() - timedelta(days=days), state=state
        )


def dialog_form(answer: Any) -> dict[str, Any]:
    """What the dialog's button would post."""
    page: Any = html.fromstring(answer.content)
    values = page.get_element_by_id("renvoyer").find("form").form_values()
    return {**dict(values), "ids": [value for name, value in values if name == "ids"]}


def batch_of(cabinet: Cabinet) -> InvitationBatch:
    with tenant(firm=cabinet.firm.pk):
        return InvitationBatch.objects.get()


def test_ticked_ones_are_sent_again_and_the_refused_are_told(
    cabinet: Cabinet, browser: Browser, link: Link, smtp: Recorder
) -> None:
    accepted, revoked = (invite(cabinet.administrator, client=make_client(cabinet.firm)) for _ in range(2))
    age(accepted, days=20, state=InvitationState.ACCEPTED)
    revoke(cabinet.administrator, invitation=revoked)
    age(link.invitation, days=40)
    ids = [str(each.pk) for each in (link.invitation, accepted, revoked)]
    send_waiting_mail()
    smtp.raw.clear()

    answer = browser.post(url("list", cabinet), {"ids": ids})
    assert "1 client recevra un nouvel e-mail." in text_of(answer)
    assert "1 invitation a déjà été acceptée." in text_of(answer)
    assert "1 invitation est révoquée" in text_of(answer)
    form = dialog_form(answer) | {"words": "Bonjour à tous."}
    batch = browser.post(url("send_again", cabinet), form)["Location"]
    run_batch(batch_of(cabinet).pk)
    send_waiting_mail()

    assert [message["To"] for message in smtp.messages] == [cabinet.client.contact_email]
    assert "Bonjour à tous." in texts_of(smtp)[0]
    page = text_of(browser.get(batch))
    assert "1 renvoyée, 2 refusées" in page
    assert "1 client : Cette invitation a déjà été acceptée." in page
    assert "1 client : Le cabinet a annulé cette invitation." in page
    assert invitation_now(link.invitation).state == InvitationState.QUEUED


def test_all_that_the_filter_finds_across_pages_are_sent_again(cabinet: Cabinet, browser: Browser) -> None:
    expired = [invite(cabinet.administrator, client=make_client(cabinet.firm)) for _ in range(3)]
    for invitation in expired:
        age(invitation, days=31)
    invite(cabinet.administrator, client=cabinet.client)

    answer = browser.post(f"{url('list', cabinet)}?statut=expired", {"all": "1"}, headers={"hx-request": "true"})
    assert "3 clients recevront un nouvel e-mail." in text_of(answer)
    assert b"<html" not in answer.content
    browser.post(f"{url('send_again', cabinet)}?statut=expired", dialog_form(answer))
    run_batch(batch_of(cabinet).pk)

    assert {invitation_now(each).state for each in expired} == {InvitationState.QUEUED}
    with tenant(firm=cabinet.firm.pk):
        assert batch_of(cabinet).rows.count() == 3


def test_renvoyer_pressed_twice_starts_one_batch(cabinet: Cabinet, browser: Browser, link: Link) -> None:
    form = dialog_form(browser.post(url("list", cabinet), {"ids": [str(link.invitation.pk)]}))
    first, second = (browser.post(url("send_again", cabinet), form)["Location"] for _ in range(2))
    assert first == second == url("batch", cabinet, batch_of(cabinet).pk)


def test_nothing_to_send_again_is_said(cabinet: Cabinet, browser: Browser, link: Link) -> None:
    revoke(cabinet.administrator, invitation=link.invitation)
    ids = {"ids": [str(link.invitation.pk)]}
    assert "Aucun e-mail ne partira." in text_of(browser.post(url("list", cabinet), ids))
    answer = browser.post(url("send_again", cabinet), ids, follow=True)
    assert "Aucun des clients choisis ne peut être invité." in text_of(answer)


def test_invitations_that_one_does_not_see_are_left_alone(
    cabinet: Cabinet, other_cabinet: Cabinet, link: Link, send_invitation: Send
) -> None:
    theirs = send_invitation(other_cabinet.administrator, other_cabinet.client)
    ids = {"ids": [str(link.invitation.pk), str(theirs.invitation.pk)]}
    for person, sees in ((cabinet.assigned, 1), (cabinet.unassigned, 0), (other_cabinet.administrator, 1)):
        own = reverse("invitations:list", args=[person.firm.siret])
        told = text_of(browser_of(person.user).post(own, ids))
        assert ("1 client recevra" in told, "Aucun e-mail ne partira" in told) == (sees == 1, sees == 0)
    browser_of(cabinet.unassigned.user).post(url("send_again", cabinet), ids | {"all": "1"})
    with tenant(firm=cabinet.firm.pk):
        assert InvitationBatch.objects.count() == 0


def test_list_finds_an_invitation_by_the_address_it_went_to(cabinet: Cabinet, browser: Browser, link: Link) -> None:
    with tenant(firm=cabinet.firm.pk):
        Invitation.objects.update(email="ancienne@entreprise.test")
    assert "ancienne@entreprise.test" in text_of(browser.get(url("list", cabinet), {"q": "ancienne"}))


def test_list_tells_what_became_of_each(cabinet: Cabinet, browser: Browser, link: Link) -> None:
    with tenant(firm=cabinet.firm.pk):
        Invitation.objects.update(refusal="Cette adresse n'existe pas.", reminders=2, state=InvitationState.BOUNCED)
    assert "Cette adresse n'existe pas. · 2 relances" in text_of(browser.get(url("list", cabinet)))


def test_without_script_the_dialog_stands_in_the_list(cabinet: Cabinet, browser: Browser, link: Link) -> None:
    answer = browser.post(f"{url('list', cabinet)}?q={link.invitation.email}", {"ids": [str(link.invitation.pk)]})
    page: Any = html.fromstring(answer.content)
    assert page.get_element_by_id("renvoyer").get("open") == ""
    assert page.get_element_by_id("renvoyer").find("form").get("action") == (
        f"{url('send_again', cabinet)}?q={link.invitation.email.replace('@', '%40')}"
    )
