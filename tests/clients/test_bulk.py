"""Many files archived by one act: each once, none that was not asked for, and an honest count."""

import pytest
from pytest_django import DjangoAssertNumQueries

from clients.enums import ClientStatus
from clients.models import Client
from clients.services import archive_client
from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus
from tests.clients.browsing import address, browser_of, statuses, text_of
from tests.factories import Cabinet, MembershipFactory, assign_to, make_active_client, make_client


def test_ticked_files_are_archived_once_each_and_the_count_is_honest(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    active, gone = make_active_client(cabinet.firm), make_client(cabinet.firm)
    archive_client(cabinet.administrator, client=gone)
    own = make_client(cabinet.firm, is_firm_file=True, status=ClientStatus.ACTIVE)
    spared = make_client(cabinet.firm)
    ids = [str(client.pk) for client in (cabinet.client, active, gone, own, other_cabinet.client)]
    browser = browser_of(cabinet.administrator)
    answer = browser.post(address(cabinet, "archiver/"), {"ids": [*ids, "pas un identifiant"]}, follow=True)
    assert "2 dossiers archivés." in text_of(answer)
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
    with django_assert_num_queries(15):
        browser.post(address(cabinet, "archiver/"), {"ids": [str(cabinet.client.pk)]})
    ids = [str(make_client(cabinet.firm).pk) for _ in range(5)]
    with django_assert_num_queries(15):
        browser.post(address(cabinet, "archiver/"), {"ids": ids})


def test_utilisateur_archives_nothing(cabinet: Cabinet) -> None:
    browser = browser_of(cabinet.assigned)
    assert browser.post(address(cabinet, "archiver/"), {"all": "1"}).status_code == 403
    assert browser.post(address(cabinet, f"{cabinet.client.pk}/archiver/")).status_code == 403
    assert statuses(cabinet) == {cabinet.client.pk: ClientStatus.CREATED}
