"""« Utilisateurs »: what the list is narrowed to, and what becomes of a firm's last administrateur."""

import re

import pytest

from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus, Role
from firms.models import Membership
from firms.services import LastAdministratorError, change_role
from tests.browsing import signed_in, text_of
from tests.factories import AdministratorFactory, Cabinet, FirmUserFactory, MembershipFactory, make_cabinet

pytestmark = pytest.mark.django_db


@pytest.fixture
def cabinet() -> Cabinet:
    cabinet = make_cabinet()
    people = {
        ("Zoé", "Élan", "zoe@durand.test"): MembershipStatus.CREATED,
        ("Paul", "Martin", "paul@durand.test"): MembershipStatus.DISABLED,
    }
    for (first, last, email), status in people.items():
        user = FirmUserFactory.create(first_name=first, last_name=last, contact_email=email)
        MembershipFactory.create(firm=cabinet.firm, user=user, status=status)
    MembershipFactory.create(
        user=FirmUserFactory.create(first_name="Zoé", last_name="Ailleurs"), firm=make_cabinet().firm
    )
    return cabinet


def users(cabinet: Cabinet, query: str = "") -> str:
    return f"/cabinets/{cabinet.firm.siret}/utilisateurs/{query}"


def listed(cabinet: Cabinet, query: str) -> set[str]:
    """The addresses of the people shown."""
    page = signed_in(cabinet.assigned.user).get(users(cabinet, query)).content.decode()
    body = page.partition("<tbody>")[2]
    return set(re.findall(r"[\w.]+@[\w.]+", body))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=elan", {"zoe@durand.test"}),
        ("?q=zoé+élan", {"zoe@durand.test"}),
        ("?q=durand.test", {"zoe@durand.test", "paul@durand.test"}),
        ("?q=durand.test&statut=disabled", {"paul@durand.test"}),
        ("?statut=created", {"zoe@durand.test"}),
        ("?statut=created&role=administrator", set()),
        ("?role=chef", set()),
    ],
)
def test_list_is_narrowed_by_words_role_and_status(cabinet: Cabinet, query: str, found: set[str]) -> None:
    assert listed(cabinet, query) == found


def test_list_of_administrators(cabinet: Cabinet) -> None:
    assert listed(cabinet, "?role=administrator") == {cabinet.administrator.user.contact_email}


def test_list_says_that_nobody_administers_the_firm(cabinet: Cabinet) -> None:
    sentence = "Ce cabinet n'a plus d'administrateur actif."
    assert sentence not in text_of(signed_in(cabinet.assigned.user).get(users(cabinet)))
    AdministratorFactory.create(firm=cabinet.firm, status=MembershipStatus.CREATED)
    Membership.objects.filter(pk=cabinet.administrator.pk).update(status=MembershipStatus.DISABLED)
    assert sentence in text_of(signed_in(cabinet.assigned.user).get(users(cabinet)))


def test_list_leads_an_administrator_to_each_person_and_others_to_themselves(cabinet: Cabinet) -> None:
    everybody = [
        users(cabinet, f"{pk}/") for pk in Membership.objects.filter(firm=cabinet.firm).values_list("pk", flat=True)
    ]
    own = [users(cabinet, f"{cabinet.assigned.pk}/")]
    for member, opened in ((cabinet.administrator, everybody), (cabinet.assigned, own)):
        page = signed_in(member.user).get(users(cabinet)).content.decode()
        assert sorted(re.findall(r'class="name" href="([^"]+)"', page)) == sorted(opened)


def test_roles_are_changed_of_those_who_have_not_left(cabinet: Cabinet) -> None:
    page = signed_in(cabinet.administrator.user).get(users(cabinet)).content.decode()
    present = Membership.objects.filter(firm=cabinet.firm).exclude(status=MembershipStatus.DISABLED)
    assert sorted(re.findall(r'action="([^"]+/role/)"', page)) == sorted(
        users(cabinet, f"{pk}/role/") for pk in present.values_list("pk", flat=True)
    )


@pytest.mark.parametrize("status", [MembershipStatus.CREATED, MembershipStatus.DISABLED])
def test_last_administrator_is_the_last_who_can_act(cabinet: Cabinet, status: MembershipStatus) -> None:
    last = cabinet.administrator
    other = AdministratorFactory.create(firm=cabinet.firm, status=status)
    with pytest.raises(LastAdministratorError):
        change_role(last, member=last, role=Role.USER)
    change_role(last, member=other, role=Role.USER)
    last.refresh_from_db()
    other.refresh_from_db()
    assert (last.role, other.role) == (Role.ADMINISTRATOR, Role.USER)


def test_role_given_again_changes_nothing(cabinet: Cabinet) -> None:
    change_role(cabinet.administrator, member=cabinet.assigned, role=Role.USER)
    cabinet.assigned.refresh_from_db()
    with tenant(firm=cabinet.firm.pk):
        assert (cabinet.assigned.role_chosen, JournalEntry.objects.count()) == (False, 0)


@pytest.mark.parametrize(("asked", "back"), [("profil/", "profil/"), ("//ailleurs.test/", "utilisateurs/")])
def test_role_is_changed_from_another_page_of_this_site(cabinet: Cabinet, asked: str, back: str) -> None:
    home = f"/cabinets/{cabinet.firm.siret}/"
    asked = asked if asked.startswith("/") else home + asked
    form = {"role": "administrator", "next": asked}
    answer = signed_in(cabinet.administrator.user).post(users(cabinet, f"{cabinet.assigned.pk}/role/"), form)
    assert answer["Location"] == home + back
