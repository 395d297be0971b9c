"""« Accueil »: what a firm has done and what comes next, as an administrateur and a collaborateur see it."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from lxml import html
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from clients.models import Client
from common.tenancy import tenant
from exports.models import ExportConfiguration, PartnerCall
from firms.keys import issue_key
from firms.models import ApiKey, Membership, PartnerSoftware
from tests.factories import Cabinet, make_active_client, make_cabinet, make_client

pytestmark = pytest.mark.django_db

WAITS = "En attente d'un administrateur"


@pytest.fixture
def cabinet() -> Cabinet:
    return make_cabinet()


@pytest.fixture
def empty(cabinet: Cabinet) -> Cabinet:
    """No client file but the firm's own."""
    with tenant(firm=cabinet.firm.pk):
        Client.objects.update(is_firm_file=True, status=ClientStatus.ACTIVE)
    return cabinet


def get(member: Membership, path: str = "") -> Any:
    browser = Browser()
    browser.force_login(member.user)
    return browser.get(f"/cabinets/{member.firm.siret}/{path}")


def checklist_of(member: Membership) -> Any:
    answer = get(member, "premiers-pas/")
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def steps_of(member: Membership) -> list[tuple[str, str]]:
    """(title, state) of each step."""
    lines = checklist_of(member).xpath("//ol[@class='jf-start']/li")
    return [
        (line.xpath("string(.//b)"), line.xpath("string(.//span[contains(@class, 'state')])").strip()) for line in lines
    ]


def next_of(member: Membership) -> list[tuple[str, str, str]]:
    """Title of the step that stands out, and its button; nothing else has a primary one."""
    page = checklist_of(member)
    assert len(page.xpath("//a[contains(@class, 'btn-primary')]")) == len(page.xpath("//li[@aria-current='step']"))
    return [
        (line.xpath("string(.//b)"), line.xpath("string(.//a)"), line.xpath("string(.//a/@href)"))
        for line in page.xpath("//li[@aria-current='step']")
    ]


def test_home_asks_for_what_each_room_tells(cabinet: Cabinet) -> None:
    page: Any = html.fromstring(get(cabinet.administrator).content)
    start = f"/cabinets/{cabinet.firm.siret}/"
    asked = [address.removeprefix(start) for address in page.xpath("//main//@hx-get")]
    assert asked == ["premiers-pas/", "clients/chiffres/", "factures/chiffres/"]


def test_new_firm_has_accepted_the_terms_and_imports_its_clients_next(empty: Cabinet) -> None:
    assert steps_of(empty.administrator) == [
        ("CGU", "Terminé"),
        ("Clients", "À faire"),
        ("Invitations", "À faire"),
        ("Clé API", "À faire"),
        ("Livraison", "À faire"),
    ]
    start = f"/cabinets/{empty.firm.siret}/"
    assert next_of(empty.administrator) == [("Clients", "Importer clients", f"{start}clients/importer/")]
    page = checklist_of(empty.administrator)
    assert page.xpath("string(//*[@class='jf-start-count']/span)") == "1\u00a0étape sur 5"
    assert page.xpath("//progress/@value") == ["1"]


def test_steps_under_way_say_how_far_they_are(cabinet: Cabinet) -> None:
    make_client(cabinet.firm, status=ClientStatus.INVITED)
    make_active_client(cabinet.firm)
    make_client(cabinet.firm, status=ClientStatus.ARCHIVED)
    issue_key(cabinet.firm, name="Clé du cabinet")
    assert steps_of(cabinet.administrator) == [
        ("CGU", "Terminé"),
        ("Clients", "Terminé"),
        ("Invitations", "En cours (2 sur 3)"),
        ("Clé API", "En cours (1 sur 2)"),
        ("Livraison", "À faire"),
    ]
    assert [title for title, _act, _url in next_of(cabinet.administrator)] == ["Invitations"]
    assert "2\u00a0clients invités, dont 1\u00a0actif." in checklist_of(cabinet.administrator).text_content()


def test_collaborateur_waits_for_an_administrateur_where_the_role_cannot(cabinet: Cabinet) -> None:
    issue_key(cabinet.firm, name="Clé du cabinet")
    assert steps_of(cabinet.assigned) == [
        ("CGU", "Terminé"),
        ("Clients", "Terminé"),
        ("Invitations", "À faire"),
        ("Clé API", WAITS),
        ("Livraison", WAITS),
    ]
    assert [title for title, _act, _url in next_of(cabinet.assigned)] == ["Invitations"]
    links = checklist_of(cabinet.assigned).xpath("//a/@href")
    assert links == [f"/cabinets/{cabinet.firm.siret}/clients/inviter/"]


def test_collaborateur_counts_the_files_that_he_or_she_sees(cabinet: Cabinet) -> None:
    assert steps_of(cabinet.unassigned)[1] == ("Clients", "À faire")


@pytest.mark.parametrize("way", ["configuration", "call"])
def test_delivery_is_done_by_a_configuration_or_by_a_software_that_called(cabinet: Cabinet, way: str) -> None:
    key, _raw = issue_key(cabinet.firm, name="Clé du cabinet")
    with tenant(firm=cabinet.firm.pk):
        if way == "configuration":
            ExportConfiguration.objects.create(firm=cabinet.firm, name="ACD", recipient="acd@logiciel.test")
        else:
            PartnerCall.objects.create(firm=cabinet.firm, key=key, software=PartnerSoftware.objects.all()[0])
    assert steps_of(cabinet.administrator)[-1] == ("Livraison", "Terminé")


def test_other_firm_s_steps_are_its_own(cabinet: Cabinet) -> None:
    other = make_cabinet()
    finish(other)
    assert steps_of(cabinet.administrator)[2:] == [
        ("Invitations", "À faire"), ("Clé API", "À faire"), ("Livraison", "À faire"),
    ]  # fmt: skip
    browser = Browser()
    browser.force_login(other.administrator.user)
    assert browser.get(f"/cabinets/{cabinet.firm.siret}/premiers-pas/").status_code == 404


def test_all_done_is_one_line_that_opens(cabinet: Cabinet) -> None:
    finish(cabinet)
    page = checklist_of(cabinet.administrator)
    [summary] = page.xpath("//details[not(@open)]/summary")
    assert " ".join(summary.text_content().split()) == "Pour bien démarrer Terminé 5 étapes sur 5"
    assert {state for _title, state in steps_of(cabinet.administrator)} == {"Terminé"}
    assert next_of(cabinet.administrator) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_checklist_costs_the_same_whatever_the_firm_holds(
    cabinet: Cabinet, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_client(cabinet.firm, status=ClientStatus.INVITED)
        issue_key(cabinet.firm, name=f"Clé {number}")
        with tenant(firm=cabinet.firm.pk):
            ExportConfiguration.objects.create(firm=cabinet.firm, name=f"ACD {number}", recipient="acd@logiciel.test")
    browser, path = Browser(), f"/cabinets/{cabinet.firm.siret}/premiers-pas/"
    browser.force_login(cabinet.administrator.user)
    browser.get(path)
    with django_assert_num_queries(12):
        browser.get(path)


def finish(cabinet: Cabinet) -> None:
    issue_key(cabinet.firm, name="Clé du cabinet")
    ApiKey.objects.filter(firm=cabinet.firm).update(last_used_at=timezone.now())
    with tenant(firm=cabinet.firm.pk):
        Client.objects.update(status=ClientStatus.INVITED)
        ExportConfiguration.objects.create(firm=cabinet.firm, name="ACD", recipient="acd@logiciel.test")
