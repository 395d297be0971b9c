"""Addresses that nobody types: each ends in a page, never in an error of the database."""

import pytest
from django.test import Client as Browser

from tests.factories import Cabinet, make_cabinet, make_company, make_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def cabinet() -> Cabinet:
    return make_cabinet()


@pytest.mark.parametrize("path", ["/cabinets/%00/", "/cabinets/%00/clients/", "/entreprises/%00/factures/", "/%00"])
def test_nul_in_an_address_is_not_found(cabinet: Cabinet, path: str) -> None:
    for person in (cabinet.administrator.user, make_owner(make_company()).person):
        browser = Browser()
        backend = "accounts.backends.CompanyBackend" if person.is_company_user else None
        browser.force_login(person, backend=backend)
        answer = browser.get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store, private")
    assert Browser().get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=abc&par=-1&tri=zzz",
        "page=99999999999999999999999999",
        "page=-1&par=9999999999999999999999",
        "tri=-&tri=--name",
        "statut=zzz&affecte=zzz&sans_email=zzz",
        "avant=zzz&voir=zzz",
        "q=%ED%A0%80",
        "q=a%00&statut=%00&affecte=%00&tri=%00&page=%00&avant=%00",
    ],
)
@pytest.mark.parametrize(
    "page", ["clients/", "invitations/", "clients/inviter/", "utilisateurs/", "journal/", "factures/"]
)
def test_weird_query_still_shows_a_page(cabinet: Cabinet, page: str, query: str) -> None:
    browser = Browser()
    browser.force_login(cabinet.administrator.user)
    assert browser.get(f"/cabinets/{cabinet.firm.siret}/{page}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "sens=%00&etat=%00", "q=%2500%00", "q=%0%000"])
def test_nul_in_a_query_is_left_out(query: str) -> None:
    company = make_company()
    browser = Browser()
    browser.force_login(make_owner(company).person, backend="accounts.backends.CompanyBackend")
    assert browser.get(f"/entreprises/{company.siren}/factures/?{query}").status_code == 200
