"""« Clients »: what the list shows to whom, how it is sorted and bounded, and what it says when it holds nobody."""

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client as Browser
from lxml import html
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from firms.models import Membership
from tests.factories import AdministratorFactory, Cabinet, assign_to, make_active_client, make_client

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

    assert acts == [["Activer", "Archiver", "Restaurer"], ["Activer"]]


def test_figures_count_what_the_member_sees(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    statuses = (ClientStatus.ACTIVE, ClientStatus.INVITED, ClientStatus.PENDING, ClientStatus.BOUNCED)
    clients = [make_client(cabinet.firm, status=status) for status in statuses]
    make_client(cabinet.firm, status=ClientStatus.ACTIVE, is_firm_file=True)
    make_client(other_cabinet.firm)
    assign_to(clients[0], cabinet.assigned)

    figures = [_page(member, "chiffres/").xpath("//b/text()") for member in (cabinet.administrator, cabinet.assigned)]

    assert figures == [["1", "2", "1", "1"], ["1", "0", "0", "1"]]


def test_list_asks_the_database_as_often_for_a_full_page_as_for_one_row(
    cabinet: Cabinet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """For the least privileged member too, with a filter on."""
    asked = {cabinet.administrator: 14, cabinet.assigned: 13}
    browsers = {member: Browser() for member in asked}
    for member, browser in browsers.items():
        browser.force_login(member.user)
        browser.get(f"/cabinets/{cabinet.firm.siret}/clients/")  # notes the entry
    for rows in (1, 3, 50):
        for _ in range(rows - 1 - (0 if rows < 50 else 2)):
            assign_to(make_client(cabinet.firm), cabinet.assigned)
        for member, browser in browsers.items():
            with django_assert_num_queries(asked[member]):
                page = browser.get(f"/cabinets/{cabinet.firm.siret}/clients/?q=client&jamais_invite=true")
            assert len(_names(html.fromstring(page.content))) == rows


def test_search_finds_each_word_without_accents_or_case_and_a_number_with_its_spaces(cabinet: Cabinet) -> None:
    wanted = make_client(
        cabinet.firm, name="Œuvres d'Élise", siren="732829320", code="ÉL-7", contact_email="lise@elise.test"
    )
    for words in ("oeuvres", "ELISE œuvres", "732 829 320", "29 32", "él-7", "lise@elise"):
        assert _names(_page(cabinet.administrator, query=f"?{urlencode({'q': words})}")) == [wanted.name]
    assert _names(_page(cabinet.administrator, query="?q=elise+absent")) == []


def test_chip_takes_off_one_filter_and_leaves_the_rest(cabinet: Cabinet) -> None:
    member = cabinet.assigned
    query = f"?q=Été&statut=created&statut=invited&affecte={member.pk}&sans_email=true&tri=-code&par=25&page=2"
    page = _page(cabinet.administrator, query=query)
    chips = page.xpath('//*[@aria-label="Filtres actifs"]/a')

    assert [re.sub(r"\s+", " ", chip.text_content()).strip() for chip in chips] == [
        "Retirer le filtre « Été »",
        "Retirer le filtre Statut : Créé",
        "Retirer le filtre Statut : Invité",
        f"Retirer le filtre Affecté à : {member.user}",
        "Retirer le filtre Sans e-mail",
        "Effacer les filtres",
    ]
    queries = [parse_qs(urlsplit(chip.get("href")).query) for chip in chips]
    everything = parse_qs(query[1:]) | {}
    del everything["page"]
    assert queries[1] == everything | {"statut": ["invited"]}
    assert queries[0] == {name: values for name, values in everything.items() if name != "q"}
    assert queries[-1] == {"tri": ["-code"], "par": ["25"]}


def test_filter_that_means_nothing_any_more_can_be_taken_off(cabinet: Cabinet) -> None:
    page = _page(cabinet.administrator, query="?statut=zzz")

    assert _names(page) == []
    assert page.xpath('//*[@aria-label="Filtres actifs"]/a/@href')[0].endswith("/clients/?")


def test_utilisateur_without_files_is_told_who_assigns_them(cabinet: Cabinet) -> None:
    page = _page(cabinet.unassigned)

    assert page.xpath("//main//h2/text()") == ["Aucun dossier ne vous est affecté"]
    assert f"{cabinet.administrator.user}" in page.xpath("string(//main//*[@class='jf-empty'])")


def test_menu_of_a_row_holds_what_can_be_done_with_it(cabinet: Cabinet) -> None:
    active = make_active_client(cabinet.firm, name="A")
    archived = make_client(cabinet.firm, name="B", status=ClientStatus.ARCHIVED)
    pending = make_client(cabinet.firm, name="C", status=ClientStatus.PENDING)
    page = _page(cabinet.administrator)

    menus = [[" ".join(entry.text_content().split()) for entry in menu] for menu in page.xpath("//tbody//ul")]
    assert menus == [
        ["Ouvrir le dossier", "Accéder à l'espace entreprise", "Modifier"],
        ["Ouvrir le dossier", "Modifier"],
        ["Ouvrir le dossier", "Modifier"],
        ["Ouvrir le dossier", "Envoyez un e-mail d'invitation", "Modifier"],
    ]
    firm = f"/cabinets/{cabinet.firm.siret}/clients"
    assert page.xpath("//tbody//ul//@href") == [
        f"{firm}/{active.pk}/",
        f"/entreprises/{active.siren}/factures/",
        f"{firm}/{active.pk}/modifier/",
        f"{firm}/{archived.pk}/",
        f"{firm}/{archived.pk}/modifier/",
        f"{firm}/{pending.pk}/",
        f"{firm}/{pending.pk}/modifier/",
        f"{firm}/{cabinet.client.pk}/",
        f"{firm}/{cabinet.client.pk}/modifier/",
    ]
