"""« Transmettre ses dossiers »: who has the files afterwards, what is told, and twice or at once."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from clients.models import Client, ClientAssignment, PortfolioMember
from clients.people import created_only, files_of, leavers
from clients.services import HandedOver, NoAccessError, hand_over_files
from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.journal_words import describe
from firms.models import Membership
from tests.browsing import signed_in, text_of
from tests.clients.crowd import add_many_clients
from tests.factories import Cabinet, MembershipFactory, assign_to, make_cabinet, make_client, make_portfolio
from tests.together import together


def pairs(cabinet: Cabinet) -> set[tuple[UUID, UUID]]:
    with tenant(firm=cabinet.firm.pk):
        return set(ClientAssignment.objects.values_list("client", "membership"))


def hand_over(
    cabinet: Cabinet, *successors: Membership, member: Membership | None = None, portfolios: bool = False
) -> HandedOver:
    leaver = member or cabinet.assigned
    with tenant(firm=cabinet.firm.pk):
        return hand_over_files(
            cabinet.administrator, member=leaver, successors=successors, clients=files_of(leaver), portfolios=portfolios
        )


def leave(member: Membership) -> None:
    member.status = MembershipStatus.DISABLED
    member.save()


def test_each_successor_has_each_file_and_the_leaver_none(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    leave(cabinet.assigned)
    secret = make_client(cabinet.firm, confidential=True)
    assign_to(secret, cabinet.assigned)
    created = make_client(cabinet.firm, created_by=cabinet.assigned)
    make_client(cabinet.firm, created_by=cabinet.assigned, confidential=True)  # which he did not see
    make_client(cabinet.firm)
    taken = make_client(cabinet.firm, created_by=cabinet.assigned)  # somebody looks after it already
    assign_to(taken, cabinet.unassigned)
    known = make_client(cabinet.firm)
    second = MembershipFactory.create(firm=cabinet.firm)
    for member in (cabinet.assigned, cabinet.unassigned, second):
        assign_to(known, member)
    files = {cabinet.client.pk, secret.pk, created.pk, known.pk}
    assert hand_over(cabinet, cabinet.unassigned, second) == HandedOver(given=3, known=1, portfolios=0)
    assert pairs(cabinet) == {
        (taken.pk, cabinet.unassigned.pk),
        *((pk, member.pk) for pk in files for member in (cabinet.unassigned, second)),
    }
    assert pairs(other_cabinet) == {(other_cabinet.client.pk, other_cabinet.assigned.pk)}
    with tenant(firm=cabinet.firm.pk):
        assert (created_only(cabinet.assigned).count(), leavers(cabinet.administrator)) == (0, [])
        lines = list(JournalEntry.objects.filter(action="client.handed_over"))
        assert {line.object_id for line in lines} == files
        assert describe(lines[0]) == {
            "action": "Dossier client transmis",
            "details": [f"collaborateur : {cabinet.assigned.user} → {cabinet.unassigned.user}, {second.user}"],
        }


def test_repeating_it_changes_nothing_more(cabinet: Cabinet) -> None:
    make_client(cabinet.firm, created_by=cabinet.assigned)
    assert hand_over(cabinet, cabinet.unassigned) == HandedOver(given=2, known=0, portfolios=0)
    before = pairs(cabinet)
    assert hand_over(cabinet, cabinet.unassigned) == HandedOver(given=0, known=1, portfolios=0)
    assert pairs(cabinet) == before
    with tenant(firm=cabinet.firm.pk):
        assert JournalEntry.objects.filter(action="client.handed_over").count() == 2


def test_places_in_portfolios_go_with_the_files_where_it_is_chosen(cabinet: Cabinet) -> None:
    first = make_portfolio(cabinet.firm, "Audit", members=[cabinet.assigned])
    second = make_portfolio(cabinet.firm, "Social", members=[cabinet.assigned, cabinet.unassigned])
    assert hand_over(cabinet, cabinet.unassigned).portfolios == 0
    assert hand_over(cabinet, cabinet.unassigned, portfolios=True).portfolios == 2
    with tenant(firm=cabinet.firm.pk):
        places = set(PortfolioMember.objects.values_list("portfolio", "membership"))
        assert places == {(first.pk, cabinet.unassigned.pk), (second.pk, cabinet.unassigned.pk)}
        lines = JournalEntry.objects.filter(action="portfolio.handed_over")
        assert sorted(lines.values_list("object_label", flat=True)) == ["Audit", "Social"]


@pytest.mark.parametrize("who", ["himself", "nobody", "left", "other firm"])
def test_nobody_succeeds_who_could_not_have_the_files(cabinet: Cabinet, other_cabinet: Cabinet, who: str) -> None:
    leave(cabinet.unassigned)
    successors = {
        "himself": [cabinet.assigned],
        "nobody": [],
        "left": [cabinet.unassigned],
        "other firm": [other_cabinet.unassigned],
    }[who]
    with pytest.raises(NoAccessError):
        hand_over(cabinet, *successors)
    assert pairs(cabinet) == {(cabinet.client.pk, cabinet.assigned.pk)}


def test_only_an_administrateur_hands_over(cabinet: Cabinet) -> None:
    with tenant(firm=cabinet.firm.pk), pytest.raises(PermissionDenied):
        hand_over_files(
            cabinet.assigned,
            member=cabinet.assigned,
            successors=[cabinet.unassigned],
            clients=files_of(cabinet.assigned),
            portfolios=False,
        )


def test_hundreds_are_handed_over_in_a_few_statements(cabinet: Cabinet) -> None:
    add_many_clients(cabinet.assigned, count=600)
    with CaptureQueriesContext(connection) as asked:
        assert hand_over(cabinet, cabinet.unassigned).given == 301
    assert len(asked) == 15
    assert {member for _client, member in pairs(cabinet)} == {cabinet.unassigned.pk}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_each_file_once_with_each_successor() -> None:
    cabinet = make_cabinet()
    second = MembershipFactory.create(firm=cabinet.firm)
    add_many_clients(cabinet.assigned, count=200)
    results = together(lambda: hand_over(cabinet, cabinet.unassigned), lambda: hand_over(cabinet, second))
    assert [type(result) for result in results] == [HandedOver, HandedOver]
    with tenant(firm=cabinet.firm.pk):
        assert not ClientAssignment.objects.filter(membership=cabinet.assigned).exists()
        assert 101 <= ClientAssignment.objects.count() <= 202
        assert Client.objects.filter(assignments=None).count() == 100


def post(cabinet: Cabinet, **data: Any) -> Any:
    address = f"/cabinets/{cabinet.firm.siret}/utilisateurs/{cabinet.assigned.pk}/transmettre/"
    return signed_in(cabinet.administrator.user).post(address, data, follow=True)


def test_page_asks_to_whom_tells_the_counts_and_hands_over(cabinet: Cabinet) -> None:
    leave(cabinet.assigned)
    known = make_client(cabinet.firm, confidential=True)
    for member in (cabinet.assigned, cabinet.unassigned):
        assign_to(known, member)
    make_portfolio(cabinet.firm, "Audit", members=[cabinet.assigned])
    heir = str(cabinet.unassigned.pk)
    missing = post(cabinet, etape="verifier")
    assert (missing.status_code, "Cochez au moins une personne" in text_of(missing)) == (422, True)
    checked = text_of(post(cabinet, etape="verifier", successeurs=heir, portefeuilles="1"))
    assert re.search(r"1 dossier à transmettre, 1 déjà affecté\b.*dont 1 dossier confidentiel.*« Audit »", checked)
    assert (known.pk, cabinet.assigned.pk) in pairs(cabinet)
    done = text_of(post(cabinet, etape="transmettre", successeurs=heir, portefeuilles="1"))
    assert "1 dossier transmis, 1 déjà affecté, 1 portefeuille transmis." in done
    assert pairs(cabinet) == {(cabinet.client.pk, cabinet.unassigned.pk), (known.pk, cabinet.unassigned.pk)}


@pytest.mark.parametrize("others", [1, 3])
def test_asking_and_telling_cost_the_same_whatever_the_number(
    cabinet: Cabinet, others: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(others):
        MembershipFactory.create(firm=cabinet.firm)
        assign_to(make_client(cabinet.firm), cabinet.assigned)
        make_portfolio(cabinet.firm, f"Pôle {n}", members=[cabinet.assigned])
    browser = signed_in(cabinet.administrator.user)
    address = f"/cabinets/{cabinet.firm.siret}/utilisateurs/{cabinet.assigned.pk}/transmettre/"
    with django_assert_num_queries(12):
        browser.get(address)
    with django_assert_num_queries(14):
        browser.post(address, {"etape": "verifier", "successeurs": str(cabinet.unassigned.pk), "portefeuilles": "1"})


def test_only_the_ticked_files_are_handed_over(cabinet: Cabinet) -> None:
    kept = make_client(cabinet.firm)
    assign_to(kept, cabinet.assigned)
    ticked = {"ids": [str(cabinet.client.pk)], "successeurs": str(cabinet.unassigned.pk)}
    asked = post(cabinet, ids=ticked["ids"])
    assert "1 dossier choisi." in text_of(asked)
    assert str(cabinet.client.pk) in asked.content.decode()
    assert "1 dossier transmis." in text_of(post(cabinet, etape="transmettre", **ticked))
    assert pairs(cabinet) == {(kept.pk, cabinet.assigned.pk), (cabinet.client.pk, cabinet.unassigned.pk)}
