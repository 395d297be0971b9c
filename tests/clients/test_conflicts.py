"""Two people change one client file at the same time."""

from typing import Any

import pytest
from lxml import html

from clients.models import Client
from clients.services import update_client
from common.tenancy import tenant
from tests.clients.browsing import address, browser_of
from tests.factories import Cabinet


@pytest.fixture
def edit(cabinet: Cabinet) -> str:
    return address(cabinet, f"{cabinet.client.pk}/modifier/")


def fields_of(answer: Any) -> dict[str, str]:
    """What the page's form would post as it is."""
    page: Any = html.fromstring(answer.content)
    [form] = page.xpath("//form[@data-guard]")
    sent = (field for field in form.inputs if getattr(field, "checked", True) is not False and field.name)
    return {field.name: field.value or "" for field in sent}


def kept(cabinet: Cabinet, *names: str) -> tuple[Any, ...]:
    with tenant(firm=cabinet.firm.pk):
        return tuple(Client.objects.values_list(*names).get(pk=cabinet.client.pk))


def table_of(answer: Any) -> list[list[str]]:
    page: Any = html.fromstring(answer.content)
    rows = page.xpath('//section[@class="jf-conflict"]//tbody/tr')
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def changed_by_both(cabinet: Cabinet, edit: str) -> Any:
    """I changed name and city; the other person, meanwhile, city and telephone."""
    browser = browser_of(cabinet.administrator)
    mine = fields_of(browser.get(edit)) | {"name": "Chez moi", "city": "Brest"}
    theirs = {"city": "Lyon", "contact_phone": "0102030405"}
    update_client(cabinet.assigned, client=cabinet.client, values=theirs, version=1)
    return browser, browser.post(edit, mine)


def test_conflict_is_shown_field_by_field_with_who_and_nothing_is_lost_or_written(cabinet: Cabinet, edit: str) -> None:
    _browser, answer = changed_by_both(cabinet, edit)
    assert answer.status_code == 409
    who = str(cabinet.assigned.user)
    rows = table_of(answer)
    assert [[cell.partition(who)[0].strip() for cell in row] for row in rows] == [
        ["Ville", "Brest", "Lyon"],
        ["Téléphone", "vide (non modifié)", "0102030405 (repris dans le formulaire)"],
    ]
    assert [who in row[2] for row in rows] == [True, True]
    fields = fields_of(answer)
    assert [fields[name] for name in ("name", "city", "contact_phone", "version")] == [
        "Chez moi", "Brest", "0102030405", "2",
    ]  # fmt: skip
    assert kept(cabinet, "name", "city", "version") == (cabinet.client.name, "Lyon", 2)


@pytest.mark.parametrize(
    ("answers", "city"),
    [
        ({}, "Brest"),
        ({"choix-city": "moi"}, "Brest"),
        ({"choix-city": "autre"}, "Lyon"),
        ({"choix-city": "autre", "garder": "tout"}, "Brest"),
    ],
)
def test_each_field_is_kept_or_given_up(cabinet: Cabinet, edit: str, answers: dict[str, str], city: str) -> None:
    browser, answer = changed_by_both(cabinet, edit)
    assert browser.post(edit, fields_of(answer) | answers).status_code == 302
    expected = ("Chez moi", city, "0102030405", 3)
    assert kept(cabinet, "name", "city", "contact_phone", "version") == expected


def test_third_person_meanwhile_is_told_as_well(cabinet: Cabinet, edit: str) -> None:
    browser, answer = changed_by_both(cabinet, edit)
    update_client(cabinet.unassigned, client=cabinet.client, values={"name": "Troisième"}, version=2)
    again = browser.post(edit, fields_of(answer))
    assert again.status_code == 409
    assert [row[:2] for row in table_of(again)] == [["Raison sociale", "Chez moi"]]
    assert str(cabinet.unassigned.user) in table_of(again)[0][2]
    assert kept(cabinet, "name") == ("Troisième",)


def test_changes_to_different_fields_go_together(cabinet: Cabinet, edit: str) -> None:
    browser = browser_of(cabinet.administrator)
    mine = fields_of(browser.get(edit)) | {"name": "Chez moi"}
    update_client(cabinet.assigned, client=cabinet.client, values={"city": "Lyon"}, version=1)
    answer = browser.post(edit, mine)
    assert [row[0] for row in table_of(answer)] == ["Ville"]
    assert browser.post(edit, fields_of(answer)).status_code == 302
    assert kept(cabinet, "name", "city") == ("Chez moi", "Lyon")


def test_box_that_the_other_person_ticked_stays_ticked(cabinet: Cabinet, edit: str) -> None:
    browser = browser_of(cabinet.administrator)
    mine = fields_of(browser.get(edit)) | {"city": "Brest"}
    update_client(cabinet.administrator, client=cabinet.client, values={"confidential": True}, version=1)
    answer = browser.post(edit, mine)
    assert [row[:2] for row in table_of(answer)] == [["Dossier confidentiel", "non (non modifié)"]]
    assert browser.post(edit, fields_of(answer)).status_code == 302
    assert kept(cabinet, "confidential", "city") == (True, "Brest")


def test_form_that_does_not_say_what_it_showed_has_every_difference_chosen(cabinet: Cabinet, edit: str) -> None:
    update_client(cabinet.assigned, client=cabinet.client, values={"city": "Lyon"}, version=1)
    form = {"name": cabinet.client.name, "country": "FR", "version": "1", "contact_email": cabinet.client.contact_email}
    answer = browser_of(cabinet.administrator).post(edit, form)
    assert [row[0] for row in table_of(answer)] == ["Ville", "TVA"]  # its number follows from the SIREN
    assert fields_of(answer)["choix-city"] == "moi"
