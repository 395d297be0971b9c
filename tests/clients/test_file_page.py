"""One client file's page: its tabs, what each costs, its history, and the questions before it is put away."""

from datetime import date
from typing import Any

import pytest
from lxml import html
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from clients.models import Client
from clients.services import archive_client, update_client
from common.journal import record
from common.tenancy import tenant
from tests.clients.browsing import address, browser_of, statuses, text_of
from tests.factories import Cabinet, MembershipFactory, assign_to, make_active_client, make_client

TABS = ["dossier", "factures", "invitations", "livraison", "historique"]


def page_of(cabinet: Cabinet, client: Client, query: str = "") -> Any:
    answer = browser_of(cabinet.administrator).get(address(cabinet, f"{client.pk}/{query}"))
    assert answer.status_code == 200
    return html.fromstring(answer.content)


def tabs_on(page: Any) -> list[tuple[str, bool]]:
    links = page.xpath('//nav[@class="tabs mb-4"]/a')
    return [(link.text_content(), link.get("aria-current") == "page") for link in links]


# --- Tabs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", TABS)
def test_tab_is_a_link_to_a_page_of_its_own(cabinet: Cabinet, wanted: str) -> None:
    first = page_of(cabinet, cabinet.client)
    [link] = first.xpath(f'//nav/a[@id="onglet-{wanted}"]/@href')
    page: Any = html.fromstring(browser_of(cabinet.administrator).get(link).content)
    labels = ["Dossier", "Factures", "Invitations", "Livraison", "Historique"]
    assert tabs_on(page) == [(label, key == wanted) for label, key in zip(labels, TABS, strict=True)]


@pytest.mark.parametrize("tab", ["factures", "invitations", "livraison"])
def test_tab_of_a_higher_room_loads_its_part(cabinet: Cabinet, tab: str) -> None:
    [part] = page_of(cabinet, cabinet.client, f"?onglet={tab}").xpath('//div[@id="fiche"]/div/@hx-get')
    answer = browser_of(cabinet.administrator).get(part)
    assert (answer.status_code, "<section" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("query", ["?onglet=", "?onglet=rien", "?onglet=historique&avant=rien"])
def test_tab_that_is_none_shows_the_file(cabinet: Cabinet, query: str) -> None:
    current = [label for label, is_current in tabs_on(page_of(cabinet, cabinet.client, query)) if is_current]
    assert current == ["Historique" if "historique" in query else "Dossier"]


def test_firm_s_own_file_has_no_invitations(cabinet: Cabinet) -> None:
    own = make_client(cabinet.firm, is_firm_file=True)
    labels = [label for label, _ in tabs_on(page_of(cabinet, own, "?onglet=invitations"))]
    assert labels == ["Dossier", "Factures", "Livraison", "Historique"]


@pytest.mark.parametrize("tab", TABS)
def test_tabs_are_not_found_by_who_does_not_see_the_file(cabinet: Cabinet, other_cabinet: Cabinet, tab: str) -> None:
    path = address(cabinet, f"{cabinet.client.pk}/?onglet={tab}")
    codes = [browser_of(who).get(path).status_code for who in (cabinet.unassigned, other_cabinet.administrator)]
    assert codes == [404, 404]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("tab", "queries"), [("dossier", 15), ("factures", 8), ("historique", 9)])
def test_tab_costs_the_same_whatever_it_holds(
    cabinet: Cabinet, rows: int, tab: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = make_client(cabinet.firm)
    for n in range(rows):
        assign_to(client, MembershipFactory.create(firm=cabinet.firm))
        update_client(cabinet.administrator, client=client, values={"city": f"Ville {n}"}, version=n + 1)
    browser, path = browser_of(cabinet.administrator), address(cabinet, f"{client.pk}/?onglet={tab}")
    browser.get(path)
    with django_assert_num_queries(queries):
        browser.get(path)


def test_company_that_has_ceased_is_marked(cabinet: Cabinet) -> None:
    client = make_client(cabinet.firm, ceased_on=date(2026, 3, 12))
    states = [
        state.text_content().strip() for state in page_of(cabinet, client).xpath('//span[contains(@class, "state")]')
    ]
    assert states == ["Créé", "Cessée le 12/03/2026"]


# --- History ------------------------------------------------------------------------------------------------------


def test_history_tells_each_change_in_french(cabinet: Cabinet) -> None:
    values = {"contact_email": "neuf@client.test", "city": "Lyon"}
    update_client(cabinet.administrator, client=cabinet.client, values=values, version=1)
    page = text_of(browser_of(cabinet.assigned).get(address(cabinet, f"{cabinet.client.pk}/?onglet=historique")))
    assert "Dossier client modifié" in page
    assert f"e-mail du contact : {cabinet.client.contact_email} → neuf@client.test" in page
    assert "ville : vide → Lyon" in page


def test_history_holds_every_line_of_this_file_once(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    for home, client, city in (
        (cabinet, make_client(cabinet.firm), "d'un autre dossier"),
        (other_cabinet, other_cabinet.client, "d'un autre cabinet"),
    ):
        update_client(home.administrator, client=client, values={"city": city}, version=1)
    with tenant(firm=cabinet.firm.pk):
        for number in range(120):
            record(cabinet.administrator, "client.updated", cabinet.client, changes={"city": ["", f"n{number}"]})
    seen, query = [], "?onglet=historique"
    while query:
        page = page_of(cabinet, cabinet.client, query)
        seen += [cell.text_content() for cell in page.xpath('//div[@id="fiche"]//tbody/tr/td[4]/div')]
        [query] = page.xpath('//a[@rel="next"]/@href') or [""]
        query = query[query.find("?") :] if query else ""
    assert seen == [f"ville\u00a0: vide → n{number}" for number in reversed(range(120))]


# --- Put away and taken back --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "status", "sentence"),
    [
        ("archiver", ClientStatus.ARCHIVED, "Ce qui a été reçu reste lisible."),
        ("restaurer", ClientStatus.ACTIVE, "Le dossier retrouve le statut qu'il avait : Actif."),
    ],
)
def test_consequences_are_told_before_the_act(cabinet: Cabinet, act: str, status: str, sentence: str) -> None:
    client = make_active_client(cabinet.firm)
    if act == "restaurer":
        archive_client(cabinet.administrator, client=client)
    before = statuses(cabinet)[client.pk]
    browser, path = browser_of(cabinet.administrator), address(cabinet, f"{client.pk}/{act}/")

    question = browser.get(path)
    assert sentence in text_of(question)
    assert statuses(cabinet)[client.pk] == before
    page: Any = html.fromstring(question.content)
    assert page.xpath("//form[@data-dialog-part]/@action") == [path]

    assert browser.post(path)["Location"] == address(cabinet, f"{client.pk}/")
    assert statuses(cabinet)[client.pk] == status


@pytest.mark.parametrize("act", ["archiver", "restaurer"])
def test_questions_are_for_administrateurs_of_the_firm(cabinet: Cabinet, other_cabinet: Cabinet, act: str) -> None:
    path = address(cabinet, f"{cabinet.client.pk}/{act}/")
    people = (cabinet.assigned, cabinet.unassigned, other_cabinet.administrator)
    assert [browser_of(who).get(path).status_code for who in people] == [403, 404, 404]
    own = make_client(cabinet.firm, is_firm_file=True)
    assert browser_of(cabinet.administrator).get(address(cabinet, f"{own.pk}/{act}/")).status_code == 403
