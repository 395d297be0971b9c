"""« Clients »: what the list shows to whom, how it is sorted and bounded, and what it says when it holds nobody."""

from typing import Any

import pytest
from django.test import Client as Browser
from lxml import html
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from firms.models import Membership
from tests.factories import AdministratorFactory, Cabinet, assign_to, make_client

pytestmark = pytest.mark.django_db


def _page(membership: Membership, path: str = "", *, query: str = "") -> Any:
    browser = Browser()
    browser.force_login(membership.user)
    answer = browser.get(f"/cabinets/{membership.firm.siret}/clients/{path}{query}")
    assert answer.status_code == 200
    return html.fromstring(answer.content)


def _names(page: Any) -> list[str]:
    return [str(name) for name in page.xpath('//td//a[@class="name"]/text()')]


def test_list_is_sorted_as_a_person_sorts(cabinet: Cabinet) -> None:
    for name in ("Zinc", "électricité Moreau", "Fleurs", "Éclat", "Étoile"):
        make_client(cabinet.firm, name=name)

    page = _page(cabinet.administrator, query="?jamais_invite=true")

    assert _names(page) == [cabinet.client.name, "Éclat", "électricité Moreau", "Étoile", "Fleurs", "Zinc"]


def test_page_size_from_the_address_is_bounded(cabinet: Cabinet) -> None:
    for _ in range(51):
        make_client(cabinet.firm)

    shown = [len(_names(_page(cabinet.administrator, query=f"?par={size}"))) for size in ("25", "1000000", "0", "-1")]

    assert shown == [25, 50, 50, 50]


def test_list_of_one_page_offers_no_page_sizes(cabinet: Cabinet) -> None:
    make_client(cabinet.firm)

    assert _page(cabinet.administrator).xpath('//*[@aria-label="Lignes par page"]') == []


def test_new_firm_is_told_what_to_do_next_beside_its_own_file(db: None) -> None:
    administrator = AdministratorFactory.create()
    make_client(administrator.firm, is_firm_file=True, name="Cabinet A", status=ClientStatus.ACTIVE)
    page = _page(administrator)

    assert (_names(page), page.xpath("//h2/text()")) == (["Cabinet A"], ["Ajoutez vos clients", "Confirmer"])

    make_client(administrator.firm)
    assert _page(administrator).xpath("//h2/text()") == ["Confirmer"]


def test_bulk_bar_holds_what_the_role_may_do(cabinet: Cabinet) -> None:
    assign_to(make_client(cabinet.firm), cabinet.assigned)

    acts = [
        [
            " ".join(button.text_content().split())
            for button in _page(member).xpath("//*[@data-bulk-bar]/button[@class='btn btn-sm' and not(@type)]")
        ]
        for member in (cabinet.administrator, cabinet.assigned)
    ]

    assert acts == [["Activer", "Archiver"], ["Activer"]]


def test_figures_count_what_the_member_sees(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    statuses = (ClientStatus.ACTIVE, ClientStatus.INVITED, ClientStatus.PENDING, ClientStatus.BOUNCED)
    clients = [make_client(cabinet.firm, status=status) for status in statuses]
    make_client(cabinet.firm, status=ClientStatus.ACTIVE, is_firm_file=True)
    make_client(other_cabinet.firm)
    assign_to(clients[0], cabinet.assigned)

    figures = [_page(member, "chiffres/").xpath("//b/text()") for member in (cabinet.administrator, cabinet.assigned)]

    assert figures == [["1", "2", "1", "1"], ["1", "0", "0", "1"]]


def test_list_asks_the_database_as_often_for_three_rows_as_for_one(
    cabinet: Cabinet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = Browser()
    browser.force_login(cabinet.administrator.user)
    address = f"/cabinets/{cabinet.firm.siret}/clients/"
    assign_to(make_client(cabinet.firm), cabinet.assigned)
    browser.get(address)
    with django_assert_num_queries(12):
        browser.get(address)
    for _ in range(2):
        assign_to(make_client(cabinet.firm), cabinet.assigned)
    with django_assert_num_queries(12):
        browser.get(address)
