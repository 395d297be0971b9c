"""Many files reached by one act: each once, none that was not asked for, and an honest count."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from clients.models import Client, ClientAssignment
from clients.services import (
    NoAccessError,
    archive_client,
    archive_clients,
    assign_clients,
    restore_clients,
    unassign_clients,
)
from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus
from tests.clients.browsing import address, browser_of, statuses
from tests.clients.crowd import add_many_clients
from tests.factories import Cabinet, MembershipFactory, assign_to, make_active_client, make_client


def test_ticked_files_are_archived_once_each_and_the_count_is_honest(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    active, gone = make_active_client(cabinet.firm), make_client(cabinet.firm)
    archive_client(cabinet.administrator, client=gone)
    own = make_client(cabinet.firm, is_firm_file=True, status=ClientStatus.ACTIVE)
    spared = make_client(cabinet.firm)
    ids = [str(client.pk) for client in (cabinet.client, active, gone, own, other_cabinet.client)]
    browser = browser_of(cabinet.administrator)
    answer = browser.post(address(cabinet, "archiver/"), {"ids": [*ids, "pas un identifiant"]}, follow=True)
    assert _told(answer) == ("2 dossiers archivés, 4 refusés : 1 dossier du cabinet, 1 déjà archivé, 2 introuvables.")
    assert statuses(cabinet) == {
        cabinet.client.pk: ClientStatus.ARCHIVED,
        active.pk: ClientStatus.ARCHIVED,
        gone.pk: ClientStatus.ARCHIVED,
        own.pk: ClientStatus.ACTIVE,
        spared.pk: ClientStatus.CREATED,
    }
    assert statuses(other_cabinet) == {other_cabinet.client.pk: ClientStatus.CREATED}
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.get(pk=active.pk).status_before_archive == ClientStatus.ACTIVE
        lines = JournalEntry.objects.filter(action="client.archived").order_by("id")
        assert [line.object_id for line in lines[:1]] == [gone.pk]
        assert {line.object_id for line in lines[1:]} == {cabinet.client.pk, active.pk}
        assert {line.ip for line in lines[1:]} == {"127.0.0.1"}


@pytest.mark.parametrize(
    "query", ["q=boulangerie", "statut=invited&statut=bounced", "affecte={member}", "sans_email=on", "tri=-code&page=2"]
)
def test_everything_that_the_filter_finds_is_archived_and_nothing_else(cabinet: Cabinet, query: str) -> None:
    found = make_client(cabinet.firm, name="Boulangerie", status=ClientStatus.INVITED, contact_email="")
    assign_to(found, cabinet.unassigned)
    expected = {found.pk, cabinet.client.pk} if "tri" in query else {found.pk}
    query = query.format(member=cabinet.unassigned.pk)
    browser_of(cabinet.administrator).post(address(cabinet, f"archiver/?{query}"), {"all": "1"})
    assert {pk for pk, status in statuses(cabinet).items() if status == ClientStatus.ARCHIVED} == expected


def test_everything_under_a_filter_that_means_nothing_any_more_is_nobody(cabinet: Cabinet) -> None:
    """The member was there when the list was drawn, and has gone since."""
    MembershipFactory.create(firm=cabinet.firm)
    cabinet.assigned.status = MembershipStatus.DISABLED
    cabinet.assigned.save()
    for query in (f"affecte={cabinet.assigned.pk}", "statut=zzz"):
        browser_of(cabinet.administrator).post(address(cabinet, f"archiver/?{query}"), {"all": "1"})
    assert statuses(cabinet) == {cabinet.client.pk: ClientStatus.CREATED}


def test_archiving_many_costs_as_much_as_archiving_one(
    cabinet: Cabinet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(cabinet.administrator)
    browser.get(address(cabinet))
    with django_assert_num_queries(14):
        browser.post(address(cabinet, "archiver/"), {"ids": [str(cabinet.client.pk)]})
    ids = [str(make_client(cabinet.firm).pk) for _ in range(5)]
    with django_assert_num_queries(14):
        browser.post(address(cabinet, "archiver/"), {"ids": ids})


def test_files_get_back_the_status_that_each_had(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    active = make_active_client(cabinet.firm)
    archived = Client.objects.filter(pk__in=[active.pk, cabinet.client.pk])
    with tenant(firm=cabinet.firm.pk):
        archive_clients(cabinet.administrator, clients=archived)
    archive_client(other_cabinet.administrator, client=other_cabinet.client)
    never = make_client(cabinet.firm)

    answer = browser_of(cabinet.administrator).post(address(cabinet, "restaurer/"), {"all": "1"}, follow=True)

    assert _told(answer) == "2 dossiers restaurés, 1 refusé : 1 pas archivé."
    assert statuses(cabinet) == {
        active.pk: ClientStatus.ACTIVE,
        cabinet.client.pk: ClientStatus.CREATED,
        never.pk: ClientStatus.CREATED,
    }
    assert statuses(other_cabinet) == {other_cabinet.client.pk: ClientStatus.ARCHIVED}
    assert _journal(cabinet, "client.restored") == {active.pk: {}, cabinet.client.pk: {}}


def test_files_are_given_to_several_members_and_taken_back(cabinet: Cabinet) -> None:
    free, own = make_client(cabinet.firm), make_client(cabinet.firm, is_firm_file=True)
    members = [str(cabinet.assigned.pk), str(cabinet.unassigned.pk)]
    browser, act = browser_of(cabinet.administrator), address(cabinet, "affecter/")

    given = browser.post(act, {"all": "1", "members": members}, follow=True)
    again = browser.post(act, {"ids": [str(free.pk)], "members": members[:1]}, follow=True)
    taken = browser.post(act, {"all": "1", "members": members[:1], "retirer": "1"}, follow=True)

    assert [_told(answer) for answer in (given, again, taken)] == [
        "2 dossiers affectés, 1 refusé : 1 dossier du cabinet.",
        "0 dossier affecté, 1 refusé : 1 déjà affecté.",
        "2 dossiers retirés, 1 refusé : 1 pas affecté.",
    ]
    with tenant(firm=cabinet.firm.pk):
        assert set(ClientAssignment.objects.values_list("client", "membership")) == {
            (cabinet.client.pk, cabinet.unassigned.pk),
            (free.pk, cabinet.unassigned.pk),
        }
    who = str(cabinet.assigned.user)
    assert _journal(cabinet, "client.unassigned") == {free.pk: {"member": who}, cabinet.client.pk: {"member": who}}
    assert own.pk not in _journal(cabinet, "client.assigned")


def test_nobody_is_given_a_file_whose_place_has_ended_or_is_elsewhere(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    cabinet.unassigned.status = MembershipStatus.DISABLED
    cabinet.unassigned.save()
    browser = browser_of(cabinet.administrator)
    for members in ([cabinet.unassigned.pk], [other_cabinet.unassigned.pk], []):
        answer = browser.post(address(cabinet, "affecter/"), {"all": "1", "members": members}, follow=True)
        assert _told(answer) == "Cochez au moins un collaborateur."
    with tenant(firm=cabinet.firm.pk):
        assert [assignment.membership_id for assignment in ClientAssignment.objects.all()] == [cabinet.assigned.pk]
        with pytest.raises(NoAccessError):
            assign_clients(cabinet.administrator, clients=Client.objects.all(), members=[other_cabinet.unassigned])


def test_list_stands_as_it_was_after_an_act(cabinet: Cabinet) -> None:
    query = "?q=client&tri=-siren&page=1"
    answer = browser_of(cabinet.administrator).post(address(cabinet, f"archiver/{query}"), {"all": "1"})
    assert answer.headers["Location"] == address(cabinet, query)


def test_hundreds_are_reached_in_a_few_statements(cabinet: Cabinet) -> None:
    add_many_clients(cabinet.assigned, count=300)
    members = [cabinet.assigned, cabinet.unassigned]
    with tenant(firm=cabinet.firm.pk), CaptureQueriesContext(connection) as asked:
        everything = Client.objects.filter(firm=cabinet.firm.pk)
        outcomes = [
            assign_clients(cabinet.administrator, clients=everything, members=members),
            archive_clients(cabinet.administrator, clients=everything),
            restore_clients(cabinet.administrator, clients=everything),
            unassign_clients(cabinet.administrator, clients=everything, members=members),
        ]
    assert [(outcome.done, sum(outcome.refused.values())) for outcome in outcomes] == [(301, 0)] * 4
    assert len(asked) == 36


def test_utilisateur_archives_nothing(cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.assigned)
    assert browser.post(address(cabinet, "archiver/"), {"all": "1"}).status_code == 403
    assert browser.post(address(cabinet, f"{cabinet.client.pk}/archiver/")).status_code == 403
    for act in ("restaurer/", "affecter/"):
        assert browser.post(address(cabinet, act), {"all": "1", "members": [cabinet.assigned.pk]}).status_code == 403
    assert statuses(cabinet) == {cabinet.client.pk: ClientStatus.CREATED}


def _told(answer: Any) -> str:
    """The message that the page shows, each run of spaces of any kind as one."""
    page: Any = html.fromstring(answer.content)
    return re.sub(
        r"\s+", " ", page.xpath("string(//main//*[contains(@class, 'note') and (@role='status' or @role='alert')]/div)")
    ).strip()


def _journal(cabinet: Cabinet, action: str) -> dict[UUID | None, dict[str, str]]:
    with tenant(firm=cabinet.firm.pk):
        return dict(JournalEntry.objects.filter(action=action).values_list("object_id", "data"))
