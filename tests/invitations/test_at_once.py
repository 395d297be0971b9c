"""Two acceptances at the same moment, on real transactions."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from accounts.models import TermsAcceptance, User
from clients.enums import ClientStatus
from clients.models import Client, CompanyMembership
from common.tenancy import tenant
from firms.models import Membership
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
