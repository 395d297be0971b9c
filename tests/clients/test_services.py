"""Client files: opened, changed, archived, assigned; and who sees them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import TermsAcceptance
from clients.enums import ClientStatus
from clients.models import Client, Company
from clients.selectors import active_client_for, clients_visible_to, get_client_or_404
from clients.services import (
    ClientExistsError,
    StaleClientError,
    archive_client,
    assign,
    create_client,
    open_firm,
    restore_client,
    unassign,
    update_client,
)
from common.models import JournalEntry
from common.tenancy import tenant
from firms.models import Membership
from tests.factories import AdministratorFactory, Cabinet, FirmFactory, make_active_client, make_client, siren, siret


def names_seen_by(membership: Membership) -> list[str]:
    with tenant(firm=membership.firm_id):
        return sorted(clients_visible_to(membership).values_list("name", flat=True))


def actions(cabinet: Cabinet) -> list[str]:
    with tenant(firm=cabinet.firm.pk):
        return list(JournalEntry.objects.order_by("id").values_list("action", flat=True))


def test_create_client_is_seen_by_its_author_and_the_administrateur(cabinet: Cabinet) -> None:
    created = create_client(cabinet.unassigned, values={"name": "Boulangerie Ferrand", "siren": siren(1)})
    assert names_seen_by(cabinet.unassigned) == ["Boulangerie Ferrand"]
    assert names_seen_by(cabinet.administrator) == sorted([cabinet.client.name, "Boulangerie Ferrand"])
    assert names_seen_by(cabinet.assigned) == [cabinet.client.name]
    assert created.search == f"boulangerie ferrand {siren(1)}"
    assert actions(cabinet) == ["client.created"]


def test_create_client_twice_leaves_the_first(cabinet: Cabinet) -> None:
    with pytest.raises(ClientExistsError):
        create_client(cabinet.administrator, values={"name": "Autre", "siren": cabinet.client.siren})
    assert names_seen_by(cabinet.administrator) == [cabinet.client.name]


def test_same_siren_in_two_firms_is_two_files(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    twin = create_client(other_cabinet.administrator, values={"name": "Jumeau", "siren": cabinet.client.siren})
    with tenant(firm=cabinet.firm.pk), pytest.raises(Http404):
        get_client_or_404(cabinet.administrator, pk=twin.pk)


def test_update_client_of_an_older_version_is_refused(cabinet: Cabinet) -> None:
    changed = update_client(cabinet.administrator, client=cabinet.client, values={"city": "Lyon"}, version=1)
    assert (changed.city, changed.version) == ("Lyon", 2)
    with pytest.raises(StaleClientError):
        update_client(cabinet.administrator, client=cabinet.client, values={"city": "Nice"}, version=1)


def test_update_client_that_an_undone_import_took_away_is_a_404(cabinet: Cabinet) -> None:
    fresh = make_client(cabinet.firm)
    with tenant(firm=cabinet.firm.pk):
        Client.objects.filter(pk=fresh.pk).delete()
    with pytest.raises(Http404):
        update_client(cabinet.administrator, client=fresh, values={"name": "Trop tard"}, version=1)


def test_confidential_file_is_hidden_from_its_author(cabinet: Cabinet) -> None:
    make_client(cabinet.firm, name="Secret", confidential=True, created_by=cabinet.unassigned)
    assert names_seen_by(cabinet.unassigned) == []


def test_firm_file_is_hidden_from_utilisateurs_even_assigned(cabinet: Cabinet) -> None:
    own = make_client(cabinet.firm, name="Dossier du cabinet", is_firm_file=True)
    assign(cabinet.administrator, client=own, member=cabinet.unassigned)
    assert names_seen_by(cabinet.unassigned) == []


def test_assign_and_unassign_open_and_close_the_file(cabinet: Cabinet) -> None:
    assign(cabinet.administrator, client=cabinet.client, member=cabinet.unassigned)
    assign(cabinet.administrator, client=cabinet.client, member=cabinet.unassigned)
    assert names_seen_by(cabinet.unassigned) == [cabinet.client.name]
    unassign(cabinet.administrator, client=cabinet.client, member=cabinet.unassigned)
    assert names_seen_by(cabinet.unassigned) == []
    assert actions(cabinet) == ["client.assigned", "client.unassigned"]


def test_assign_to_a_member_of_another_firm_is_refused(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    with pytest.raises(ValueError, match="pas accès"):
        assign(cabinet.administrator, client=cabinet.client, member=other_cabinet.assigned)


@pytest.mark.parametrize("act", [archive_client, restore_client])
def test_utilisateur_cannot_archive_or_restore(cabinet: Cabinet, act: Any) -> None:
    with pytest.raises(PermissionDenied):
        act(cabinet.assigned, client=cabinet.client)


def test_archived_client_is_restored_with_its_former_status(cabinet: Cabinet) -> None:
    client = make_active_client(cabinet.firm)
    archive_client(cabinet.administrator, client=client)
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.get(pk=client.pk).status == ClientStatus.ARCHIVED
    restore_client(cabinet.administrator, client=client)
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.get(pk=client.pk).status == ClientStatus.ACTIVE


def test_open_firm_makes_the_firm_file_and_its_space_shared_by_offices(db: None) -> None:
    first, second = (
        AdministratorFactory.create(firm=FirmFactory.create(siret=siret(77, office=n), terms_accepted_at=None))
        for n in (1, 2)
    )
    for expert in (first, second):
        open_firm(expert, ip="127.0.0.1", user_agent="test")
        expert.firm.refresh_from_db()
        assert expert.firm.terms_accepted_at is not None
    files = []
    for expert in (first, second):
        with tenant(firm=expert.firm_id):
            files.append(clients_visible_to(expert).get(is_firm_file=True))
    assert files[0].company_id == files[1].company_id
    with tenant(platform="the test counts company spaces"):
        assert Company.objects.filter(siren=siren(77)).count() == 1


def test_open_firm_twice_leaves_one_proof_and_one_file(db: None) -> None:
    expert = AdministratorFactory.create(firm=FirmFactory.create(terms_accepted_at=None))
    stale = Membership.objects.select_related("firm", "user").get(pk=expert.pk)
    for press in (expert, stale):
        open_firm(press, ip=None, user_agent="")
    assert TermsAcceptance.objects.filter(party=expert.firm_id).count() == 1
    with tenant(firm=expert.firm_id):
        assert clients_visible_to(expert).count() == 1
        assert JournalEntry.objects.filter(action="firm.terms_accepted").count() == 1


def test_open_firm_by_a_collaborateur_is_refused_and_writes_nothing(cabinet: Cabinet) -> None:
    cabinet.firm.terms_accepted_at = None
    cabinet.firm.save()
    with pytest.raises(PermissionDenied):
        open_firm(cabinet.assigned, ip=None, user_agent="")
    assert names_seen_by(cabinet.administrator) == [cabinet.client.name]


def test_company_space_opens_to_a_firm_member_through_an_active_file_only(cabinet: Cabinet) -> None:
    client = make_active_client(cabinet.firm)
    found = active_client_for(cabinet.administrator.user, siren=client.siren)
    assert found is not None
    assert found[1].pk == client.pk
    assert active_client_for(cabinet.unassigned.user, siren=client.siren) is None
    archive_client(cabinet.administrator, client=client)
    assert active_client_for(cabinet.administrator.user, siren=client.siren) is None
