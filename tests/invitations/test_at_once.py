"""Two acceptances, or two presses of « Activer », at the same moment, on real transactions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from lxml import html

from accounts.models import TermsAcceptance, User
from clients.enums import ClientStatus
from clients.models import Client, CompanyMembership
from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Membership
from invitations.models import BatchRow, InvitationBatch
from invitations.services import start_batch
from tests.browsing import signed_in
from tests.factories import make_cabinet, make_client, siren
from tests.invitations.conftest import Link, client_now
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[[Membership, Client], Link]


def post(link: Link) -> Callable[[], int]:
    return lambda: Browser().post(link.path, link.form).status_code


@pytest.mark.parametrize("_round", range(3))
def test_link_posted_twice_at_once_is_accepted_once(send_invitation: Send, _round: int) -> None:
    cabinet = make_cabinet()
    link = send_invitation(cabinet.administrator, cabinet.client)
    codes = together(post(link), post(link))
    assert codes.count(302) == 1
    assert {*codes} - {302} <= {200, 409, 410}  # how far the slower one had come when the other won
    assert User.objects.company_users().count() == 1
    assert TermsAcceptance.objects.count() == 1
    with tenant(platform="the test counts"):
        assert CompanyMembership.objects.count() == 1


def test_one_company_invited_by_two_firms_at_once_has_one_owner(send_invitation: Send) -> None:
    cabinets = make_cabinet(), make_cabinet()
    clients = [make_client(cabinet.firm, siren=siren(77)) for cabinet in cabinets]
    links = [send_invitation(cabinet.administrator, client) for cabinet, client in zip(cabinets, clients, strict=True)]
    assert together(*(post(link) for link in links)) == [302, 302]
    assert sorted(client_now(client).status for client in clients) == [ClientStatus.ACTIVE, ClientStatus.PENDING]
    with tenant(platform="the test counts"):
        assert CompanyMembership.objects.count() == 1


def test_one_address_invited_by_two_firms_at_once_gets_one_account(send_invitation: Send) -> None:
    cabinets = make_cabinet(), make_cabinet()
    clients = [make_client(cabinet.firm, contact_email="meme@entreprise.test") for cabinet in cabinets]
    links = [send_invitation(cabinet.administrator, client) for cabinet, client in zip(cabinets, clients, strict=True)]
    codes = together(*(post(link) for link in links))
    assert codes.count(302) == 1
    assert {*codes} - {302} <= {200, 409}
    assert User.objects.company_users().count() == 1


@pytest.mark.parametrize("_round", range(2))
def test_activer_pressed_twice_at_once_starts_one_batch(_round: int) -> None:
    cabinet = make_cabinet()
    ids = [str(cabinet.client.pk), *(str(make_client(cabinet.firm).pk) for _ in range(2))]
    firm = f"/cabinets/{cabinet.firm.siret}/clients/inviter/"
    browser = signed_in(cabinet.administrator.user)
    page: Any = html.fromstring(browser.post(firm, {"ids": ids}).content)
    (batch,) = page.xpath('//input[@name="batch"]/@value')

    def press() -> str:
        answer = signed_in(cabinet.administrator.user).post(f"{firm}activer/", {"ids": ids, "batch": batch})
        return str(answer.headers["Location"])

    assert len(set(together(press, press))) == 1
    with tenant(firm=cabinet.firm.pk):
        assert list(InvitationBatch.objects.values_list("pk", "total")) == [(UUID(batch), 3)]
        assert BatchRow.objects.count() == 3
        assert JournalEntry.objects.filter(action="invitation.batch_started").count() == 1


def test_batch_of_another_firm_is_nobodys(db: None) -> None:
    ours, theirs = make_cabinet(), make_cabinet()
    with tenant(firm=theirs.firm.pk):
        known = start_batch(theirs.administrator, clients=Client.objects.all(), pk=uuid4()).pk
    form = {"ids": [str(ours.client.pk)], "batch": str(known)}

    answer = signed_in(ours.administrator.user).post(f"/cabinets/{ours.firm.siret}/clients/inviter/activer/", form)

    assert answer.status_code == 404
    with tenant(firm=ours.firm.pk):
        assert list(InvitationBatch.objects.all()) == []
