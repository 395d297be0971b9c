"""Several firms for one person: the menu of the top bar, the page of the choice, and two tabs on two firms."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firms.enums import MembershipStatus
from firms.models import Membership
from tests.browsing import signed_in, text_of
from tests.factories import Cabinet, MembershipFactory, make_cabinet

pytestmark = pytest.mark.django_db

SWITCH = "/cabinets/changer/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lyon() -> Cabinet:
    return make_cabinet(name="Durand Lyon")


@pytest.fixture
def annecy(lyon: Cabinet) -> Cabinet:
    """Where the administrateur of Lyon is an utilisateur."""
    annecy = make_cabinet(name="Durand Annecy")
    MembershipFactory.create(firm=annecy.firm, user=lyon.administrator.user)
    return annecy


def users(cabinet: Cabinet) -> str:
    return f"/cabinets/{cabinet.firm.siret}/utilisateurs/"


def firms_in(answer: Any) -> list[str]:
    """Whose link stands there, in this order."""
    return re.findall(r'href="/cabinets/(\d+)/clients/"', answer.content.decode())


def sirets(*cabinets: Cabinet) -> list[str]:
    return [cabinet.firm.siret for cabinet in cabinets]


def test_page_offers_the_single_firm_as_well(lyon: Cabinet) -> None:
    assert "Durand Lyon" in text_of(signed_in(lyon.administrator.user).get(SWITCH))


def test_menu_names_each_firm_with_the_role_there(lyon: Cabinet, annecy: Cabinet) -> None:
    ended = make_cabinet(name="Cabinet quitté")
    MembershipFactory.create(firm=ended.firm, user=lyon.administrator.user, status=MembershipStatus.DISABLED)
    browser = signed_in(lyon.administrator.user)
    page = browser.get(users(annecy)).content.decode()
    address = f"{SWITCH}?ici={annecy.firm.siret}"
    assert f'hx-get="{address}"' in page

    menu = browser.get(address, headers=HTMX)

    assert re.findall(r"Durand \w+|Administrateur|Utilisateur", text_of(menu)) == [
        "Durand Annecy",
        "Utilisateur",
        "Durand Lyon",
        "Administrateur",
    ]
    assert len(re.findall("aria-current", menu.content.decode())) == 1
    assert "Cabinet quitté" not in text_of(menu)
    assert "<h1" not in menu.content.decode()


def test_menu_has_the_firm_last_used_first_however_fast_one_changes(lyon: Cabinet, annecy: Cabinet) -> None:
    browser = signed_in(lyon.administrator.user)
    for here, there in ((lyon, annecy), (annecy, lyon), (lyon, annecy)):
        browser.get(users(here))
        assert firms_in(browser.get(SWITCH, headers=HTMX)) == sirets(here, there)


def test_part_of_a_page_in_another_tab_is_no_entry(lyon: Cabinet, annecy: Cabinet) -> None:
    browser = signed_in(lyon.administrator.user)
    browser.get(users(annecy))
    browser.get(users(lyon))
    part = browser.get(f"/cabinets/{annecy.firm.siret}/clients/importer/en-cours/", headers=HTMX)
    assert part.status_code == 200
    assert firms_in(browser.get(SWITCH, headers=HTMX)) == sirets(lyon, annecy)


def test_entry_is_written_every_five_minutes_only(lyon: Cabinet) -> None:
    browser = signed_in(lyon.administrator.user)
    member = Membership.objects.filter(pk=lyon.administrator.pk)
    for minutes, written in ((4, False), (6, True)):
        earlier = timezone.now() - timedelta(minutes=minutes)
        member.update(last_entered_at=earlier)
        browser.get(users(lyon))
        assert (member.get().last_entered_at != earlier) == written


def test_two_tabs_work_in_two_firms_each_with_its_own_role(lyon: Cabinet, annecy: Cabinet) -> None:
    browser = signed_in(lyon.administrator.user)
    in_lyon, in_annecy = browser.get(users(lyon)), browser.get(users(annecy))
    assert ("Nommer Administrateur" in text_of(in_lyon), "Nommer Administrateur" in text_of(in_annecy)) == (True, False)

    # The tab of Lyon was opened before that of Annecy, and still acts in Lyon; Annecy refuses what only Lyon allows.
    promoted = browser.post(f"{users(lyon)}{lyon.assigned.pk}/role/", {"role": "administrator"})
    refused = browser.post(f"{users(annecy)}{annecy.assigned.pk}/role/", {"role": "administrator"})
    across = browser.post(f"{users(lyon)}{annecy.assigned.pk}/role/", {"role": "administrator"})

    assert (promoted.status_code, refused.status_code, across.status_code) == (302, 403, 404)
    roles = dict(Membership.objects.values_list("pk", "role"))
    assert (roles[lyon.assigned.pk], roles[annecy.assigned.pk]) == ("administrator", "user")


def test_menu_is_for_who_is_signed_in(lyon: Cabinet) -> None:
    assert Client().get(SWITCH, headers=HTMX).status_code == 302
