"""What an import writes by the set: chunks, batches, what each row remembers, the journal, and what makes it stale."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.enums import ClientStatus, ImportState
from clients.importing import apply, dryrun, plan
from clients.importing.run import run_import
from clients.models import Client, ImportJob, ImportRow
from clients.services import (
    add_member,
    archive_client,
    assign,
    confirm_import,
    create_client,
    group_clients,
    search_text,
    unassign,
    update_client,
)
from common.identifiers import vat_of_siren
from common.models import JournalEntry
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership
from tests.clients.browsing import browser_of, text_of
from tests.clients.test_import_pages import url
from tests.clients.test_imports import act, read, reload, workbook
from tests.factories import Cabinet, make_client, make_portfolio, siren

WIDE = ["Raison sociale", "SIREN", "Ville", "Pays", "Code dossier", "Prénom du contact", "Nom du contact"]


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches and chunks to a sheet of a few rows."""
    for module in (plan, dryrun):
        monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(apply, "CHUNK", 3)


def rows_of(job: ImportJob, *names: str) -> list[tuple[Any, ...]]:
    with tenant(firm=job.firm_id):
        return list(ImportRow.objects.filter(job=job).order_by("number").values_list("number", *names))


def client_of(cabinet: Cabinet, n: int) -> Client:
    with tenant(firm=cabinet.firm.pk):
        return Client.objects.get(firm=cabinet.firm, siren=siren(n))


def lines_of(client: Client) -> list[tuple[str, dict[str, Any], str]]:
    with tenant(firm=client.firm_id):
        lines = JournalEntry.objects.filter(object_id=client.pk).order_by("id")
        return [(line.action, line.data, line.object_label) for line in lines]


@pytest.mark.usefixtures("small_steps")
def test_batches_and_chunks_end_as_one_would(cabinet: Cabinet) -> None:
    known = [create_client(cabinet.administrator, values={"name": f"Ancien {n}", "siren": siren(n)}) for n in (2, 5)]
    rows: list[list[Any]] = [[f"Client {n}", siren(n)] for n in range(1, 8)]
    rows[3:3] = [["Faux", "123456789"], ["Encore", siren(1)]]
    job = read(cabinet.administrator, workbook(rows))
    assert job.counts == {"create": 5, "update": 2, "unchanged": 0, "reject": 2}
    done = act(job)
    assert (done.state, done.rows_applied, done.counts["skipped"]) == (ImportState.DONE, 7, 0)
    with tenant(firm=cabinet.firm.pk):
        found = dict(Client.objects.exclude(pk=cabinet.client.pk).values_list("siren", "name"))
        assert set(Client.objects.filter(name__in=["Client 2", "Client 5"])) == set(known)
    assert found == {siren(n): f"Client {n}" for n in range(1, 8)}


@pytest.mark.usefixtures("small_steps")
def test_row_remembers_the_file_it_wrote_and_its_version(cabinet: Cabinet) -> None:
    known = create_client(cabinet.administrator, values={"name": "Ancien", "siren": siren(2)})
    create_client(cabinet.administrator, values={"name": "Pareil", "siren": siren(3)})
    rows = [["Un", siren(1)], ["Deux", siren(2)], ["Pareil", siren(3)], ["Faux", "1"], ["Quatre", siren(4)]]
    job = act(read(cabinet.administrator, workbook(rows)))
    assert rows_of(job, "applied", "client_id", "client_version", "undone") == [
        (2, True, client_of(cabinet, 1).pk, 1, None),
        (3, True, known.pk, 2, None),
        (4, False, None, None, None),
        (5, False, None, None, None),
        (6, True, client_of(cabinet, 4).pk, 1, None),
    ]
    assert client_of(cabinet, 2).version == 2


def test_row_that_is_left_alone_remembers_no_file(cabinet: Cabinet) -> None:
    known = create_client(cabinet.administrator, values={"name": "Ancien", "siren": siren(2)})
    job = read(cabinet.administrator, workbook([["Un", siren(1)], ["Deux", siren(2)], ["Trois", siren(3)]]))
    assert confirm_import(cabinet.administrator, job=job)
    create_client(cabinet.administrator, values={"name": "Un (à la main)", "siren": siren(1)})
    update_client(cabinet.administrator, client=known, values={"name": "Autre"}, version=1)
    run_import(job.pk)
    reasons = rows_of(job, "client_id", "client_version", "applied", "reasons")
    assert [row[1:4] for row in reasons] == [
        (None, None, True),
        (None, None, True),
        (client_of(cabinet, 3).pk, 1, True),
    ]
    assert [row[4] for row in reasons] == [[apply._CREATED], [apply._CHANGED], []]
    assert [line[0] for line in lines_of(client_of(cabinet, 1))] == ["client.created"]


def test_value_that_changed_elsewhere_in_the_file_is_no_obstacle(cabinet: Cabinet) -> None:
    known = create_client(cabinet.administrator, values={"name": "Ancien", "siren": siren(2), "city": "Nice"})
    job = read(cabinet.administrator, workbook([["Neuf", siren(2)]]))
    assert confirm_import(cabinet.administrator, job=job)
    update_client(cabinet.administrator, client=known, values={"city": "Épinal"}, version=1)
    run_import(job.pk)
    client = client_of(cabinet, 2)
    assert (client.name, client.city, client.version) == ("Neuf", "Épinal", 3)
    assert client.search == search_text(client)


def test_created_file_is_as_one_made_by_hand(cabinet: Cabinet) -> None:
    before = timezone.now()
    act(read(cabinet.administrator, workbook([["Café\\Ñandú 50%", siren(1), "Épinal"]])))
    by_hand = create_client(
        cabinet.administrator, values={"name": "Café\\Ñandú 50%", "siren": siren(2), "city": "Épinal"}
    )
    imported = client_of(cabinet, 1)
    assert imported.vat_number == vat_of_siren(siren(1))
    own = {"id", "siren", "vat_number", "search", "created_at", "updated_at"}
    names = [field.attname for field in Client._meta.concrete_fields if field.attname not in own]
    assert {name: getattr(imported, name) for name in names} == {name: getattr(by_hand, name) for name in names}
    assert (imported.search, by_hand.search) == (search_text(imported), search_text(by_hand))
    assert before < imported.created_at < timezone.now()


def test_journal_says_where_a_file_comes_from_and_what_an_update_changed(cabinet: Cabinet) -> None:
    create_client(cabinet.administrator, values={"name": "Ancien", "siren": siren(2), "city": "Nice"})
    email = cabinet.unassigned.user.contact_email
    rows = [["Un", siren(1), "Paris"], ["Deux", siren(2), "Nice", "", email]]
    act(read(cabinet.administrator, workbook(rows), name="100% à jour.xlsx"))
    assert lines_of(client_of(cabinet, 1)) == [("client.imported", {"source": "100% à jour.xlsx"}, "Un")]
    changes = {"name": ["Ancien", "Deux"], "collaborators": ["", email]}
    assert lines_of(client_of(cabinet, 2))[1:] == [
        ("client.updated_by_import", {"source": "100% à jour.xlsx", "changes": changes}, "Deux")
    ]


@pytest.mark.usefixtures("small_steps")
def test_hidden_files_of_each_batch_are_told(cabinet: Cabinet) -> None:
    for n in (1, 4):
        make_client(cabinet.firm, siren=siren(n))
    rows = [[f"Client {n}", siren(n)] for n in range(1, 6)]
    assert [row[1] for row in rows_of(read(cabinet.assigned, workbook(rows)), "action")] == [
        "reject", "create", "create", "reject", "create",
    ]  # fmt: skip


def test_other_firms_client_of_the_same_siren_is_nobodys_business(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    theirs = make_client(other_cabinet.firm, siren=siren(1), name="Chez eux")
    assert act(read(cabinet.administrator, workbook([["Chez nous", siren(1)]]))).rows_applied == 1
    with tenant(firm=other_cabinet.firm.pk):
        assert Client.objects.get(pk=theirs.pk).name == "Chez eux"


@pytest.mark.usefixtures("small_steps")
def test_number_of_statements_does_not_grow_with_the_rows_of_a_chunk(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "CHUNK", 100)
    counts = []
    for start, rows in ((10, 1), (20, 30)):
        job = read(cabinet.administrator, workbook([[f"C{n}", siren(n)] for n in range(start, start + rows)]))
        assert confirm_import(cabinet.administrator, job=job)
        with tenant(firm=cabinet.firm.pk), CaptureQueriesContext(connection) as queries:
            apply.apply_chunk(job, 0)
        assert reload(job).rows_applied == rows
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_status_that_moves_does_not_make_an_import_stale(cabinet: Cabinet) -> None:
    client = create_client(cabinet.administrator, values={"name": "Un", "siren": siren(1)})
    job = read(cabinet.administrator, workbook([["Deux", siren(1)]]))
    with tenant(firm=cabinet.firm.pk):
        Client.objects.filter(pk=client.pk).update(status=ClientStatus.INVITED, updated_at=timezone.now())
    archive_client(cabinet.administrator, client=client)
    Membership.objects.filter(pk=cabinet.unassigned.pk).update(last_entered_at=timezone.now())
    assert confirm_import(cabinet.administrator, job=job) is True


@pytest.mark.parametrize(
    "change", ["value", "file", "assigned", "unassigned", "confidential", "member", "grouped", "joined"]
)
def test_what_a_dry_run_goes_by_makes_it_stale(cabinet: Cabinet, change: str) -> None:
    client = create_client(cabinet.administrator, values={"name": "Un", "siren": siren(1)})
    portfolio = make_portfolio(cabinet.firm, "Équipe", members=[cabinet.assigned])
    job = read(cabinet.administrator, workbook([["Deux", siren(1)]]))
    if change == "value":
        update_client(cabinet.administrator, client=client, values={"city": "Nice"}, version=1)
    elif change == "file":
        create_client(cabinet.administrator, values={"name": "Neuf", "siren": siren(3)})
    elif change == "assigned":
        assign(cabinet.administrator, client=client, member=cabinet.unassigned)
    elif change == "unassigned":
        unassign(cabinet.administrator, client=cabinet.client, member=cabinet.assigned)
    elif change == "confidential":
        with tenant(firm=cabinet.firm.pk):
            Client.objects.filter(pk=client.pk).update(confidential=True)
    elif change == "grouped":
        with tenant(firm=cabinet.firm.pk):
            group_clients(cabinet.administrator, clients=Client.objects.filter(pk=client.pk), portfolio=portfolio)
    elif change == "joined":
        add_member(cabinet.administrator, portfolio=portfolio, member=cabinet.unassigned)
    else:
        Membership.objects.filter(pk=cabinet.unassigned.pk).update(status=MembershipStatus.DISABLED)
    assert confirm_import(cabinet.administrator, job=job) is False


def test_all_columns_of_a_new_file_are_found(cabinet: Cabinet) -> None:
    row = ["Premys", siren(1), "Épinal", "Belgique", "C1", "Zoé", "Lefèvre"]
    act(read(cabinet.administrator, workbook([row], header=WIDE)))
    client = client_of(cabinet, 1)
    assert (client.country, client.language, client.contact_first_name) == ("BE", "fr", "Zoé")
    assert client.search == f"premys {siren(1)} c1 lefevre zoe epinal"


def test_rows_of_a_file_made_confidential_since_are_hidden_from_who_imported_them(cabinet: Cabinet) -> None:
    job = read(cabinet.assigned, workbook([["Ouverte", siren(1)], ["Secrète", siren(2)], ["Fausse", "123456789"]]))
    act(job)
    with tenant(firm=cabinet.firm.pk):
        Client.objects.filter(siren=siren(2)).update(confidential=True)

    def shown(member: Membership) -> list[str]:
        page = text_of(browser_of(member).get(url("import_review", cabinet, job)))
        return [name for name in ("Ouverte", "Secrète", "Fausse") if name in page]

    assert shown(cabinet.assigned) == ["Ouverte", "Fausse"]
    assert shown(cabinet.administrator) == ["Ouverte", "Secrète", "Fausse"]
