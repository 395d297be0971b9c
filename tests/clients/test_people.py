"""One person's page: the files that he or she has, adding and taking back, and who may look."""

from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from clients.models import Client, ClientAssignment
from common.tenancy import tenant
from firms.enums import MembershipStatus, Role
from firms.models import Membership
from tests.browsing import signed_in, text_of
from tests.clients.crowd import add_many_clients
from tests.factories import AdministratorFactory, Cabinet, MembershipFactory, assign_to, make_client, make_portfolio


def page_of(member: Membership, path: str = "") -> str:
    return f"/cabinets/{member.firm.siret}/utilisateurs/{member.pk}/{path}"


def files(member: Membership) -> set[UUID]:
    with tenant(firm=member.firm_id):
        return set(ClientAssignment.objects.filter(membership=member).values_list("client", flat=True))


def test_page_shows_the_person_and_the_files_and_portfolios_that_he_or_she_has(
    cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    person = cabinet.assigned.user
    person.preferred_username, person.website = "p.martin", "https://martin.test"
    person.save()
    make_client(cabinet.firm, name="D'un autre")
    make_portfolio(cabinet.firm, "Pôle social", members=[cabinet.assigned])
    make_portfolio(cabinet.firm, "Pôle audit", members=[cabinet.unassigned])
    page = text_of(signed_in(cabinet.administrator.user).get(page_of(cabinet.assigned)))
    for words in ("AFFECTATIONS CLIENTS", "DÉTAILS", cabinet.client.name, "Pôle social", "Nommer Administrateur"):
        assert words in page
    details = "Nom {} Login p.martin Site web https://martin.test Email {} Rôle Utilisateur Statut Actif"
    assert details.format(person, person.contact_email) in page
    assert ("D'un autre" in page, "Pôle audit" in page, other_cabinet.client.name in page) == (False, False, False)


def test_utilisateur_opens_his_own_page_alone_and_changes_nothing_there(cabinet: Cabinet) -> None:
    browser = signed_in(cabinet.assigned.user)
    page = text_of(browser.get(page_of(cabinet.assigned)))
    assert cabinet.client.name in page
    assert ("Retirer" in page, "Transmettre" in page, "Nommer" in page) == (False, False, False)
    assert browser.get(page_of(cabinet.unassigned)).status_code == 404
    for path in ("affectations/", "affectations/retirer/", "transmettre/"):
        assert browser.post(page_of(cabinet.assigned, path), {"all": "1"}).status_code == 403
    links = browser.get(f"/cabinets/{cabinet.firm.siret}/utilisateurs/").content.decode()
    assert (page_of(cabinet.assigned) in links, page_of(cabinet.unassigned) in links) == (True, False)


def test_administrateur_sees_every_file_instead_of_chips(cabinet: Cabinet) -> None:
    page = text_of(signed_in(cabinet.administrator.user).get(page_of(cabinet.administrator)))
    assert "Administrateur : voit tous les dossiers." in page
    assert cabinet.client.name not in page


def test_file_is_looked_for_added_and_taken_back(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    wanted = make_client(cabinet.firm, name="Boulangerie Émile")
    make_client(other_cabinet.firm, name="Boulangerie Ailleurs")
    own = make_client(cabinet.firm, name="Boulangerie du cabinet", is_firm_file=True)
    browser = signed_in(cabinet.administrator.user)
    offered = text_of(browser.get(page_of(cabinet.unassigned, "?ajouter=boulangerie+emile")))
    assert ("Boulangerie Émile" in offered, "Ailleurs" in offered) == (True, False)

    added = browser.post(
        page_of(cabinet.unassigned, "affectations/?ajouter=boulangerie"),
        {"ids": [str(pk) for pk in (wanted.pk, own.pk, other_cabinet.client.pk, cabinet.client.pk)]},
        follow=True,
    )
    assert "1 dossier affecté." in text_of(added)
    assert files(cabinet.unassigned) == {wanted.pk}
    taken = browser.post(page_of(cabinet.unassigned, "affectations/retirer/"), {"un": str(wanted.pk)}, follow=True)
    assert "1 dossier retiré." in text_of(taken)
    assert files(cabinet.unassigned) == set()


def test_everything_that_the_words_find_is_added_and_taken_back_and_nothing_else(cabinet: Cabinet) -> None:
    bakers = {make_client(cabinet.firm, name=f"Boulangerie {n}").pk for n in range(3)}
    browser = signed_in(cabinet.administrator.user)
    browser.post(page_of(cabinet.assigned, "affectations/?ajouter=boulangerie"), {"all": "1"})
    assert files(cabinet.assigned) == {cabinet.client.pk, *bakers}
    browser.post(page_of(cabinet.assigned, "affectations/retirer/?q=boulangerie"), {"all": "1"})
    assert files(cabinet.assigned) == {cabinet.client.pk}


def test_files_of_another_firms_person_are_out_of_reach(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    browser = signed_in(cabinet.administrator.user)
    elsewhere = f"/cabinets/{cabinet.firm.siret}/utilisateurs/{other_cabinet.assigned.pk}/"
    assert browser.get(elsewhere).status_code == 404
    for path in ("affectations/", "affectations/retirer/", "transmettre/"):
        assert browser.post(elsewhere + path, {"all": "1"}).status_code == 404
    assert files(other_cabinet.assigned) == {other_cabinet.client.pk}


def test_page_asks_as_much_for_three_files_as_for_one(
    cabinet: Cabinet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cabinet.administrator.user)
    browser.get(page_of(cabinet.assigned))
    with django_assert_num_queries(14):
        browser.get(page_of(cabinet.assigned, "?ajouter=client"))
    for _n in range(2):
        assign_to(make_client(cabinet.firm), cabinet.assigned)
        make_client(cabinet.firm)
    with django_assert_num_queries(14):
        browser.get(page_of(cabinet.assigned, "?ajouter=client"))


def test_thousands_of_files_are_paged(cabinet: Cabinet) -> None:
    add_many_clients(cabinet.assigned, count=500)
    browser = signed_in(cabinet.administrator.user)
    page = text_of(browser.get(page_of(cabinet.assigned)))
    assert "1 – 60 sur 251" in page
    last = text_of(browser.get(page_of(cabinet.assigned, "?page=5")))
    assert "241 – 251 sur 251" in last


def test_leavers_files_are_shown_to_administrateurs_until_somebody_has_them(
    cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    make_client(cabinet.firm, created_by=cabinet.assigned)
    make_client(cabinet.firm, created_by=cabinet.assigned, confidential=True)
    assign_to(make_client(cabinet.firm, created_by=cabinet.assigned), cabinet.unassigned)
    AdministratorFactory.create(firm=cabinet.firm, status=MembershipStatus.DISABLED)
    for leaver in (cabinet.assigned, other_cabinet.assigned):
        leaver.status = MembershipStatus.DISABLED
        leaver.save()
    address = f"/cabinets/{cabinet.firm.siret}/utilisateurs/dossiers-a-transmettre/"
    told = text_of(signed_in(cabinet.administrator.user).get(address)).strip()
    assert told == (
        "Des dossiers restent à transmettre, l'accès de ces personnes est fermé : "
        f"{cabinet.assigned.user} ( 2 dossiers )."
    ).replace("( ", "(").replace(" )", ")")
    assert text_of(signed_in(cabinet.unassigned.user).get(address)).strip() == ""
    users = f"/cabinets/{cabinet.firm.siret}/utilisateurs/"
    shown = [
        address in signed_in(who.user).get(users).content.decode()
        for who in (cabinet.administrator, cabinet.unassigned)
    ]
    assert shown == [True, False]
    page = text_of(signed_in(cabinet.administrator.user).get(page_of(cabinet.assigned)))
    assert "L'accès de cette personne est fermé." in page
    assert "Nommer" not in page


def test_leavers_cost_the_same_whatever_their_number(
    cabinet: Cabinet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser, address = (
        signed_in(cabinet.administrator.user),
        f"/cabinets/{cabinet.firm.siret}/utilisateurs/dossiers-a-transmettre/",
    )
    browser.get(address)
    for leavers in (1, 2):
        for _n in range(leavers):
            leaver = MembershipFactory.create(firm=cabinet.firm, status=MembershipStatus.DISABLED)
            assign_to(make_client(cabinet.firm), leaver)
        with django_assert_num_queries(10):
            browser.get(address)


def test_role_is_changed_from_the_page_and_comes_back_to_it(cabinet: Cabinet) -> None:
    answer = signed_in(cabinet.administrator.user).post(
        page_of(cabinet.assigned, "role/"), {"role": Role.ADMINISTRATOR, "next": page_of(cabinet.assigned)}
    )
    assert answer.headers["Location"] == page_of(cabinet.assigned)
    assert Membership.objects.get(pk=cabinet.assigned.pk).role == Role.ADMINISTRATOR


@pytest.mark.parametrize("value", ["pas un identifiant", "0"])
def test_what_is_no_file_is_left_out(cabinet: Cabinet, value: str) -> None:
    browser = signed_in(cabinet.administrator.user)
    answer = browser.post(page_of(cabinet.assigned, "affectations/retirer/"), {"un": value}, follow=True)
    assert "0 dossier retiré." in text_of(answer)
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.filter(assignments__membership=cabinet.assigned).count() == 1
