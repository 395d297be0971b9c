"""The firm's pages: who sees what, and what a press does."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from clients.models import Client
from common.tenancy import tenant
from invitations.enums import InvitationState
from invitations.models import InvitationBatch
from invitations.services import invite, run_batch
from tests.factories import Cabinet, make_client
from tests.invitations.conftest import Link, browser_of, client_now, invitation_now, send_waiting_mail
from tests.outbox.smtp_server import Recorder


def url(name: str, cabinet: Cabinet, *args: Any) -> str:
    return reverse(f"invitations:{name}", args=[cabinet.firm.siret, *args])


@pytest.fixture
def browser(cabinet: Cabinet) -> Browser:
    return browser_of(cabinet.administrator.user)


def test_row_menu_sends_the_invitation(cabinet: Cabinet, browser: Browser, smtp: Recorder) -> None:
    answer = browser.post(url("invite", cabinet, cabinet.client.pk))
    assert answer["Location"] == f"/cabinets/{cabinet.firm.siret}/clients/"
    send_waiting_mail()
    assert [message["To"] for message in smtp.messages] == [cabinet.client.contact_email]
    assert client_now(cabinet.client).status == ClientStatus.INVITED


def test_press_returns_to_the_page_it_came_from(cabinet: Cabinet, browser: Browser) -> None:
    here = f"http://testserver/cabinets/{cabinet.firm.siret}/clients/?page=3"
    invited = url("invite", cabinet, cabinet.client.pk)
    assert browser.post(invited, headers={"referer": here})["Location"] == here
    elsewhere = browser.post(invited, headers={"referer": "https://pirate.test/"})
    assert elsewhere["Location"] == f"/cabinets/{cabinet.firm.siret}/clients/"


def test_client_without_address_is_told_on_the_next_page(cabinet: Cabinet, browser: Browser) -> None:
    client = make_client(cabinet.firm, name="Sans adresse", contact_email="")
    answer = browser.post(url("invite", cabinet, client.pk), follow=True)
    assert "Ce dossier n'a pas d'e-mail de contact." in answer.content.decode().replace("&#x27;", "'")


def test_unassigned_member_and_another_firm_meet_the_same_not_found(
    cabinet: Cabinet, other_cabinet: Cabinet, link: Link
) -> None:
    for person, code in (
        (cabinet.assigned, 302),
        (cabinet.unassigned, 404),
        (other_cabinet.administrator, 404),
    ):
        one = browser_of(person.user)
        for name, pk in (("invite", cabinet.client.pk), ("resend", link.invitation.pk), ("revoke", link.invitation.pk)):
            assert (name, one.post(url(name, cabinet, pk)).status_code) == (name, code)
        own = person.firm.siret
        crossed = one.post(reverse("invitations:revoke", args=[own, link.invitation.pk])).status_code
        assert crossed == code


def test_list_shows_the_invitations_of_the_files_that_one_sees(cabinet: Cabinet, link: Link) -> None:
    for person, count in ((cabinet.administrator, 1), (cabinet.assigned, 1), (cabinet.unassigned, 0)):
        page = browser_of(person.user).get(url("list", cabinet))
        assert page.status_code == 200
        assert page.content.decode().count(link.invitation.email) == count * 2  # its cell, and the question of its menu


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_whatever_its_length(
    cabinet: Cabinet, browser: Browser, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        invite(cabinet.administrator, client=make_client(cabinet.firm))
    browser.get(url("list", cabinet))
    with django_assert_num_queries(10):
        browser.get(url("list", cabinet))


@pytest.mark.parametrize("rows", [1, 3])
def test_choice_costs_the_same_whatever_its_length(
    cabinet: Cabinet, browser: Browser, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_client(cabinet.firm)
    browser.get(url("choose", cabinet))
    with django_assert_num_queries(9):
        browser.get(url("choose", cabinet))


def test_list_can_be_narrowed(cabinet: Cabinet, browser: Browser, link: Link) -> None:
    page = browser.get(url("list", cabinet), {"statut": InvitationState.ACCEPTED})
    assert link.invitation.email not in page.content.decode()
    assert "Aucun résultat" in page.content.decode()


def test_invitation_is_revoked_from_the_list(cabinet: Cabinet, browser: Browser, link: Link) -> None:
    assert browser.post(url("revoke", cabinet, link.invitation.pk))["Location"] == url("list", cabinet)
    assert invitation_now(link.invitation).state == InvitationState.REVOKED


def test_part_of_the_client_s_page_shows_its_invitations(cabinet: Cabinet, browser: Browser, link: Link) -> None:
    page = browser.get(url("of_client", cabinet, cabinet.client.pk))
    assert page.status_code == 200
    assert link.invitation.email in page.content.decode()


def test_activation_shows_what_it_will_do_then_does_it(cabinet: Cabinet, browser: Browser, smtp: Recorder) -> None:
    without = make_client(cabinet.firm, contact_email="")
    page = browser.get(url("choose", cabinet))
    assert page.status_code == 200
    ids = [str(cabinet.client.pk), str(without.pk)]
    dialog = browser.post(url("choose", cabinet), {"ids": ids}).content.decode()
    assert "Activer sur jefacture.com" in dialog
    assert "1\xa0client recevra" in dialog
    assert "1\xa0dossier n'a" in dialog.replace("&#x27;", "'")
    part = browser.post(url("choose", cabinet), {"ids": ids}, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    answer = browser.post(url("start", cabinet), {"ids": ids})
    with tenant(firm=cabinet.firm.pk):
        batch = InvitationBatch.objects.get()
    assert answer["Location"] == url("batch", cabinet, batch.pk)
    assert "Vous pouvez quitter cette page." in browser.get(url("batch", cabinet, batch.pk)).content.decode()
    assert "Envoi des invitations" in browser.get(url("running", cabinet)).content.decode()
    run_batch(batch.pk)
    progress = browser.get(url("batch_progress", cabinet, batch.pk)).content.decode()
    assert "1\xa0invitation en route" in progress
    assert browser.get(url("running", cabinet)).content.decode().strip() == ""
    send_waiting_mail()
    assert [message["To"] for message in smtp.messages] == [cabinet.client.contact_email]


def test_everything_that_the_filter_finds_is_activated(cabinet: Cabinet, browser: Browser) -> None:
    make_client(cabinet.firm, name="Boulangerie du Port")
    make_client(cabinet.firm, name="Boulangerie du Parc")
    browser.post(f"{url('start', cabinet)}?q=boulangerie", {"all": "1"})
    with tenant(firm=cabinet.firm.pk):
        assert InvitationBatch.objects.get().total == 2


def test_files_that_one_does_not_see_are_not_activated(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.unassigned.user)
    ids = [str(cabinet.client.pk), str(other_cabinet.client.pk), "pas un identifiant"]
    assert browser.post(url("start", cabinet), {"ids": ids})["Location"] == url("choose", cabinet)
    with tenant(firm=cabinet.firm.pk):
        assert InvitationBatch.objects.count() == 0


def test_batch_of_a_colleague_is_the_administrator_s_to_see(cabinet: Cabinet, browser: Browser) -> None:
    browser_of(cabinet.assigned.user).post(url("start", cabinet), {"ids": [str(cabinet.client.pk)]})
    with tenant(firm=cabinet.firm.pk):
        batch = InvitationBatch.objects.get()
    assert browser.get(url("batch", cabinet, batch.pk)).status_code == 200
    assert browser_of(cabinet.unassigned.user).get(url("batch", cabinet, batch.pk)).status_code == 404


def test_batch_names_nobody_whose_file_its_member_does_not_see_any_more(cabinet: Cabinet, browser: Browser) -> None:
    hers = browser_of(cabinet.assigned.user)
    created = make_client(cabinet.firm, name="Menuiserie Dupré", created_by=cabinet.assigned)
    hers.post(url("start", cabinet), {"all": "1"})
    with tenant(firm=cabinet.firm.pk):
        batch = InvitationBatch.objects.get()
        Client.objects.update(status=ClientStatus.ACTIVE)
    run_batch(batch.pk)

    def named(who: Browser) -> list[bool]:
        pages = [who.get(url(name, cabinet, batch.pk)).content.decode() for name in ("batch", "batch_progress")]
        assert ["2 invitations refusées" in page.replace("\u00a0", " ") for page in pages] == [True, True]
        return [client.name in page for client in (created, cabinet.client) for page in pages]

    assert named(hers) == [True] * 4
    with tenant(firm=cabinet.firm.pk):
        Client.objects.filter(pk=created.pk).update(confidential=True)
    assert named(hers) == [False, False, True, True]
    assert named(browser) == [True] * 4
