"""The firm's own pages, as an administrateur, a collaborateur and a stranger see them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from common.journal import record
from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus, Role
from firms.keys import find_key, issue_key
from firms.models import ApiKey, Firm, Membership
from tests.factories import Cabinet, MembershipFactory, make_cabinet
from tests.firms.conftest import Browser

pytestmark = pytest.mark.django_db
DURAND = "73282932000074"


@pytest.fixture
def cabinet() -> Cabinet:
    return make_cabinet()


@pytest.fixture
def other() -> Cabinet:
    return make_cabinet()


def signed_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def address(firm: Firm, page: str = "") -> str:
    return f"/cabinets/{firm.siret}/{page}"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- Choosing ----------------------------------------------------------------------------------------------------


def test_choose_single_firm_goes_straight_in(cabinet: Cabinet) -> None:
    answer = signed_in(cabinet.administrator).get("/cabinets/")
    assert answer["Location"] == address(cabinet.firm, "clients/")


def test_choose_several_firms_last_used_first(cabinet: Cabinet, other: Cabinet) -> None:
    place = MembershipFactory.create(firm=other.firm, user=cabinet.administrator.user, last_entered_at=timezone.now())
    ended = make_cabinet(name="Cabinet fermé")
    MembershipFactory.create(firm=ended.firm, user=place.user, status=MembershipStatus.DISABLED)

    page = signed_in(place).get("/cabinets/").content.decode()

    links = re.findall(r'href="(/cabinets/\d+/clients/)"', page)
    assert links == [address(other.firm, "clients/"), address(cabinet.firm, "clients/")]
    assert "Cabinet fermé" not in page


def test_choose_anonymous_is_asked_to_sign_in() -> None:
    assert Client().get("/cabinets/")["Location"] == "/connexion/?next=/cabinets/"


@pytest.mark.parametrize("page", ["", "utilisateurs/", "profil/", "journal/"])
def test_pages_of_another_firm_are_not_found(cabinet: Cabinet, other: Cabinet, page: str) -> None:
    client = signed_in(other.administrator)
    assert client.get(address(cabinet.firm, page)).status_code == 404


# --- Users -------------------------------------------------------------------------------------------------------


def test_users_table_shows_everybody_of_the_firm_only(cabinet: Cabinet, other: Cabinet) -> None:
    page = text_of(signed_in(cabinet.assigned).get(address(cabinet.firm, "utilisateurs/")))
    for words in ("Nom", "Email", "Rôle", "Statut", "Date invitation", "Délégations ComptExpert"):
        assert words in page, words
    assert "L'ajout de délégations se fait depuis ComptExpert" in page.replace("&#x27;", "'")
    shown = [member for member in Membership.objects.all() if member.user.contact_email in page]
    assert {member.firm_id for member in shown} == {cabinet.firm.pk}
    assert len(shown) == 3


@pytest.mark.parametrize("more", [0, 6])
def test_users_table_takes_the_same_queries(cabinet: Cabinet, more: int, django_assert_num_queries: Any) -> None:
    MembershipFactory.create_batch(more, firm=cabinet.firm)
    client = signed_in(cabinet.administrator)
    client.get(address(cabinet.firm, "utilisateurs/"))
    with django_assert_num_queries(10):
        client.get(address(cabinet.firm, "utilisateurs/"))


def test_set_role_administrator_promotes_and_the_journal_says_so(cabinet: Cabinet) -> None:
    client, member = signed_in(cabinet.administrator), cabinet.assigned

    answer = client.post(address(cabinet.firm, f"utilisateurs/{member.pk}/role/"), {"role": "administrator"})

    assert answer["Location"] == address(cabinet.firm, "utilisateurs/")
    member.refresh_from_db()
    assert member.role == Role.ADMINISTRATOR
    page = text_of(client.get(address(cabinet.firm, "journal/")))
    assert "Rôle changé" in page
    assert "Utilisateur → Administrateur" in page


def test_set_role_last_administrator_is_refused_in_words(cabinet: Cabinet) -> None:
    client, last = signed_in(cabinet.administrator), cabinet.administrator
    answer = client.post(address(cabinet.firm, f"utilisateurs/{last.pk}/role/"), {"role": "user"}, follow=True)
    last.refresh_from_db()
    assert last.role == Role.ADMINISTRATOR
    assert "Le dernier administrateur actif ne peut pas être rétrogradé." in text_of(answer)


def test_set_role_by_a_collaborator_or_from_elsewhere_is_refused(cabinet: Cabinet, other: Cabinet) -> None:
    path = address(cabinet.firm, f"utilisateurs/{cabinet.assigned.pk}/role/")
    assert signed_in(cabinet.assigned).post(path, {"role": "administrator"}).status_code == 403
    assert signed_in(other.administrator).post(path, {"role": "administrator"}).status_code == 404
    foreign = address(other.firm, f"utilisateurs/{cabinet.assigned.pk}/role/")
    assert signed_in(other.administrator).post(foreign, {"role": "administrator"}).status_code == 404
    assert signed_in(cabinet.administrator).post(path, {"role": "roi"}).status_code == 400
    cabinet.assigned.refresh_from_db()
    assert cabinet.assigned.role == Role.USER


# --- Profile and key ---------------------------------------------------------------------------------------------


def test_profile_shows_identity_to_all_and_the_key_to_none(cabinet: Cabinet) -> None:
    _key, raw = issue_key(cabinet.firm, name="Clé du cabinet")
    for member in (cabinet.administrator, cabinet.assigned):
        page = signed_in(member).get(address(cabinet.firm, "profil/")).content.decode()
        assert cabinet.firm.name in page
        assert raw not in page
    assert "Clé du cabinet" not in page


def test_show_key_needs_a_fresh_sign_in_then_shows_it_once(browser: Browser) -> None:
    browser.sign_in("marie.durand")
    Firm.objects.update(terms_accepted_at=timezone.now())
    key = ApiKey.objects.get()
    profile = f"/cabinets/{DURAND}/profil/"

    trip = browser.client.post(f"{profile}cles/{key.pk}/afficher/")["Location"]
    assert "prompt=login" in trip
    assert "max_age=0" in trip
    assert "jf_•" in browser.client.get(profile).content.decode()  # not confirmed yet

    browser.client.post(f"{profile}cles/{key.pk}/afficher/")
    assert browser.client.get(browser.choose(trip, "marie.durand"))["Location"] == profile
    shown = re.search(r'value="(jf_[\w-]{43})"', browser.client.get(profile).content.decode())
    assert shown is not None
    assert find_key(shown[1]) == key
    assert shown[1] not in browser.client.get(profile).content.decode()
    with tenant(firm=key.firm_id):
        assert JournalEntry.objects.filter(action="api_key.shown", actor="Marie Durand").count() == 1


def test_show_key_confirmed_by_somebody_else_is_refused(browser: Browser) -> None:
    browser.sign_in("marie.durand")
    Firm.objects.update(terms_accepted_at=timezone.now())
    trip = browser.client.post(f"/cabinets/{DURAND}/profil/cles/{ApiKey.objects.get().pk}/afficher/")["Location"]

    assert browser.client.get(browser.choose(trip, "luc.bernard")).status_code == 403
    assert "jf_•" in browser.client.get(f"/cabinets/{DURAND}/profil/").content.decode()


@pytest.mark.parametrize("act", ["afficher", "regenerer"])
def test_key_acts_are_for_administrators_of_the_firm(cabinet: Cabinet, other: Cabinet, act: str) -> None:
    key, _raw = issue_key(cabinet.firm, name="Clé du cabinet")
    path = address(cabinet.firm, f"profil/cles/{key.pk}/{act}/")
    assert signed_in(cabinet.assigned).post(path, {"grace": "0"}).status_code == 403
    assert signed_in(other.administrator).post(path, {"grace": "0"}).status_code == 404
    foreign = address(other.firm, f"profil/cles/{key.pk}/{act}/")
    assert signed_in(other.administrator).post(foreign, {"grace": "0"}).status_code == 404
    assert ApiKey.objects.get().expires_at is None


def test_regenerate_keeps_the_old_key_for_the_chosen_time(cabinet: Cabinet) -> None:
    key, raw = issue_key(cabinet.firm, name="Clé du cabinet")
    client = signed_in(cabinet.administrator)

    client.post(address(cabinet.firm, f"profil/cles/{key.pk}/regenerer/"), {"grace": "7"})

    old, new = ApiKey.objects.order_by("created_at")
    assert (old.pk, new.name, new.expires_at) == (key.pk, "Clé du cabinet", None)
    assert old.expires_at is not None
    assert timedelta(days=6) < old.expires_at - timezone.now() < timedelta(days=8)
    assert find_key(raw) == old
    again = client.post(address(cabinet.firm, f"profil/cles/{key.pk}/regenerer/"), {"grace": "0"}, follow=True)
    assert "déjà remplacée" in text_of(again)
    assert ApiKey.objects.count() == 2


def test_regenerate_at_once_ends_the_old_key(cabinet: Cabinet) -> None:
    key, raw = issue_key(cabinet.firm, name="Clé du cabinet")
    client = signed_in(cabinet.administrator)
    assert "Choisissez" in text_of(
        client.post(address(cabinet.firm, f"profil/cles/{key.pk}/regenerer/"), {"grace": "x"}, follow=True)
    )
    client.post(address(cabinet.firm, f"profil/cles/{key.pk}/regenerer/"), {"grace": "0"})
    assert find_key(raw) is None


# --- Journal -----------------------------------------------------------------------------------------------------


def test_journal_is_for_administrators(cabinet: Cabinet) -> None:
    assert signed_in(cabinet.assigned).get(address(cabinet.firm, "journal/")).status_code == 403


def test_journal_pages_hold_every_line_of_the_firm_once(cabinet: Cabinet, other: Cabinet) -> None:
    with tenant(firm=cabinet.firm.pk):
        for number in range(120):
            record(cabinet.administrator, "test.done", number=f"n° {number}")
    with tenant(firm=other.firm.pk):
        record(other.administrator, "test.done", number="étranger")
    client, seen, path = signed_in(cabinet.administrator), [], address(cabinet.firm, "journal/")

    query: str | None = ""
    while query is not None:
        page = client.get(path + query).content.decode()
        seen += [int(number) for number in re.findall(r"n° (\d+)", page)]
        found = re.search(r'href="(\?avant=[0-9a-f-]{36})"', page)
        query = found[1] if found else None

    assert seen == list(reversed(range(120)))
    assert client.get(f"{path}?avant=rien").status_code == 200


@pytest.mark.parametrize("lines", [1, 3])
def test_journal_takes_the_same_queries(cabinet: Cabinet, lines: int, django_assert_num_queries: Any) -> None:
    with tenant(firm=cabinet.firm.pk):
        for _ in range(lines):
            record(cabinet.administrator, "client.created", cabinet.client)
    client = signed_in(cabinet.administrator)
    client.get(address(cabinet.firm, "journal/"))
    with django_assert_num_queries(9):
        client.get(address(cabinet.firm, "journal/"))


@pytest.mark.parametrize("keys", [1, 3])
def test_profile_takes_the_same_queries(cabinet: Cabinet, keys: int, django_assert_num_queries: Any) -> None:
    for number in range(keys):
        issue_key(cabinet.firm, name=f"Clé {number}")
    client = signed_in(cabinet.administrator)
    client.get(address(cabinet.firm, "profil/"))
    with django_assert_num_queries(9):
        client.get(address(cabinet.firm, "profil/"))
