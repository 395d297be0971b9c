"""The collaborateurs that a sheet names: who is assigned by an import, who is not, and what is said of it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from clients.models import ClientAssignment
from clients.services import (
    assign,
    create_client,
)
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership
from tests.clients.browsing import browser_of, text_of
from tests.clients.test_import_merge import client_of, lines_of, rows_of
from tests.clients.test_import_pages import url
from tests.clients.test_imports import act, read, workbook
from tests.factories import Cabinet, make_client, siren


def test_assignments_are_only_added(cabinet: Cabinet) -> None:
    first, second = cabinet.assigned.user.contact_email, cabinet.unassigned.user.contact_email
    client = create_client(cabinet.administrator, values={"name": "Un", "siren": siren(1)})
    assign(cabinet.administrator, client=client, member=cabinet.assigned)
    job = read(cabinet.administrator, workbook([["Un", siren(1), "", "", second], ["Deux", siren(2), "", "", first]]))
    assert rows_of(job, "changes")[0][1] == {"collaborators": [first, f"{first}, {second}"]}
    act(job)
    with tenant(firm=cabinet.firm.pk):
        pairs = ClientAssignment.objects.exclude(client=cabinet.client).values_list("client__name", "membership")
        assert set(pairs) == {
            ("Un", cabinet.assigned.pk),
            ("Un", cabinet.unassigned.pk),
            ("Deux", cabinet.assigned.pk),
        }


def test_member_whose_place_has_ended_is_no_collaborateur(cabinet: Cabinet) -> None:
    Membership.objects.filter(pk=cabinet.unassigned.pk).update(status=MembershipStatus.DISABLED)
    email = cabinet.unassigned.user.contact_email
    job = read(cabinet.administrator, workbook([["Un", siren(1), "", "", email]]))
    ((_, warnings, assignees),) = rows_of(job, "warnings", "assignees")
    assert (warnings, assignees) == ([f"{email} n'a plus accès au cabinet\u00a0: non affecté."], [])


def test_administrateur_and_another_firms_member_are_left_out_with_a_reason(
    cabinet: Cabinet, other_cabinet: Cabinet
) -> None:
    chief, stranger = (member.user.contact_email for member in (cabinet.administrator, other_cabinet.assigned))
    mixed = f"{chief.upper()}\n{stranger}; {cabinet.unassigned.user.contact_email}"
    job = read(cabinet.administrator, workbook([["Un", siren(1), "", "", mixed]]))
    ((_, warnings, assignees),) = rows_of(job, "warnings", "assignees")
    assert warnings == [
        f"{chief} est administrateur et voit tous les dossiers\u00a0: non affecté.",
        f"{stranger} n'est pas un collaborateur de ce cabinet\u00a0: non affecté.",
    ]
    assert assignees == [cabinet.unassigned.user.contact_email]
    act(job)
    said = {"source": "clients.xlsx", "collaborators": cabinet.unassigned.user.contact_email}
    assert lines_of(client_of(cabinet, 1)) == [("client.imported", said, "Un")]


def test_the_firms_own_file_is_assigned_to_nobody_by_an_import(cabinet: Cabinet) -> None:
    own = make_client(cabinet.firm, siren=siren(1), name="Notre cabinet", is_firm_file=True)
    people = cabinet.unassigned.user.contact_email
    job = read(cabinet.administrator, workbook([["Notre étude", siren(1), "", "", people]]))
    said = "Le dossier du cabinet n'est affecté à personne\u00a0: colonne des collaborateurs ignorée."
    assert rows_of(job, "warnings", "assignees") == [(2, [said], [])]
    act(job)
    assert client_of(cabinet, 1).name == "Notre étude"
    with tenant(firm=cabinet.firm.pk):
        assert not ClientAssignment.objects.filter(client=own).exists()


def test_utilisateurs_import_assigns_nobody_and_says_so(cabinet: Cabinet) -> None:
    emails = ", ".join(member.user.contact_email for member in (cabinet.assigned, cabinet.unassigned))
    job = read(cabinet.assigned, workbook([["Un", siren(1), "", "", emails]]))
    ((_, warnings, assignees),) = rows_of(job, "warnings", "assignees")
    assert (warnings, assignees) == ([], [])
    page = text_of(browser_of(cabinet.assigned).get(url("import_review", cabinet, job)))
    note = "La colonne « Collaborateurs affectés » est ignorée : seul un administrateur affecte les dossiers."
    assert note in page
    act(job)
    with tenant(firm=cabinet.firm.pk):
        assert not ClientAssignment.objects.filter(client__siren=siren(1)).exists()
    by_chief = read(cabinet.administrator, workbook([["Deux", siren(2), "", "", emails]]))
    assert note not in text_of(browser_of(cabinet.administrator).get(url("import_review", cabinet, by_chief)))


def test_import_without_that_column_asks_nothing_about_people(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Un", siren(1)]], header=["Raison sociale", "SIREN"]))
    with CaptureQueriesContext(connection) as asked:
        act(job)
    assert [query for query in asked if "clients_clientassignment" in query["sql"] and "INSERT" in query["sql"]] == []


def test_address_of_two_members_assigns_neither(cabinet: Cabinet) -> None:
    email = cabinet.unassigned.user.contact_email
    User.objects.filter(pk=cabinet.assigned.user_id).update(contact_email=email.upper())
    job = read(cabinet.administrator, workbook([["Un", siren(1), "", "", email]]))
    said = f"{email}\u00a0: deux collaborateurs ont cette adresse\u00a0: non affecté."
    assert rows_of(job, "warnings", "assignees") == [(2, [said], [])]
    act(job)
    with tenant(firm=cabinet.firm.pk):
        assert not ClientAssignment.objects.filter(client__siren=siren(1)).exists()
