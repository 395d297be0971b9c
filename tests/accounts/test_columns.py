"""« Colonnes »: each person sees in a list what he or she chose, from then on."""

from typing import Any

import pytest
from django.test import Client as Browser
from lxml import html

from firms.models import Membership
from tests.factories import Cabinet, make_cabinet

pytestmark = pytest.mark.django_db


@pytest.fixture
def cabinet(db: None) -> Cabinet:
    return make_cabinet()


def _signed_in(member: Membership) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def _page(browser: Browser, cabinet: Cabinet, query: str = "") -> Any:
    return html.fromstring(browser.get(f"/cabinets/{cabinet.firm.siret}/clients/{query}").content)


def _headings(browser: Browser, cabinet: Cabinet, query: str = "") -> list[str]:
    headings = (" ".join(heading.text_content().split()) for heading in _page(browser, cabinet, query).xpath("//th"))
    return [heading for heading in headings if heading]


USUAL = ["Raison sociale", "SIREN", "Code dossier", "E-mail du contact", "Statut", "Collaborateurs", "Actions"]


def test_columns_are_remembered_for_the_person_and_for_nobody_else(cabinet: Cabinet) -> None:
    browser, other = _signed_in(cabinet.administrator), _signed_in(cabinet.assigned)
    back = f"/cabinets/{cabinet.firm.siret}/clients/?q=client&tri=-siren&par=25"
    assert _headings(browser, cabinet) == USUAL

    answer = browser.post("/listes/clients/colonnes/", {"colonnes": ["status", "siret", "city"], "suite": back})

    assert (answer.status_code, answer.headers["Location"]) == (302, back)
    assert _headings(browser, cabinet) == ["Raison sociale", "SIRET", "Ville", "Statut", "Actions"]
    assert _headings(_signed_in(cabinet.administrator), cabinet, "?tri=-siren") == [
        "Raison sociale",
        "SIRET",
        "Ville",
        "Statut",
        "Actions",
    ]
    assert _headings(other, cabinet) == USUAL


def test_name_stays_and_what_is_no_column_is_not_kept(cabinet: Cabinet) -> None:
    browser = _signed_in(cabinet.administrator)

    browser.post("/listes/clients/colonnes/", {"colonnes": ["search", "name", "x" * 9999]})

    assert _headings(browser, cabinet) == ["Raison sociale", "Actions"]
    cabinet.administrator.user.refresh_from_db()
    assert cabinet.administrator.user.columns == {"clients": []}


def test_menu_offers_every_column_ticked_as_it_stands(cabinet: Cabinet) -> None:
    page = _page(_signed_in(cabinet.administrator), cabinet, "?page=2&q=x")
    form = page.xpath('//form[@action="/listes/clients/colonnes/"]')[0]

    boxes = form.xpath('.//label[input[@name="colonnes"]]')
    assert [(box.text_content().strip(), bool(box.xpath("input/@checked"))) for box in boxes] == [
        ("SIREN", True),
        ("Code dossier", True),
        ("E-mail du contact", True),
        ("Statut", True),
        ("Collaborateurs", True),
        ("SIRET", False),
        ("TVA", False),
        ("Ville", False),
        ("Code postal", False),
        ("Téléphone", False),
        ("Contact", False),
        ("Portefeuilles", False),
        ("Créé le", False),
        ("Modifié le", False),
    ]
    assert form.xpath('string(input[@name="suite"]/@value)') == f"/cabinets/{cabinet.firm.siret}/clients/?page=2&q=x"


def test_stranger_to_a_list_and_a_way_out_of_the_site_are_refused(cabinet: Cabinet) -> None:
    browser = _signed_in(cabinet.administrator)

    assert browser.post("/listes/inconnue/colonnes/", {"colonnes": ["siren"]}).status_code == 404
    assert (
        browser.post("/listes/clients/colonnes/", {"suite": "https://ailleurs.test/"}).headers["Location"] == "/entree/"
    )
    assert browser.get("/listes/clients/colonnes/").status_code == 405
