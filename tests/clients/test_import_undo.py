"""« Annuler cet import »: what it takes back, and what it leaves with its reason."""

from collections.abc import Callable

import pytest

from clients.enums import ImportState
from clients.importing.run import run_import
from clients.models import Client, ClientAssignment, ImportJob, ImportRow
from clients.selectors import journal_of
from clients.services import (
    ImportStateError,
    archive_client,
    assign,
    create_client,
    unassign,
    undo_import,
    update_client,
)
from common.models import JournalEntry
from common.tenancy import tenant
from firms.journal_words import describe
from firms.models import Membership
from invitations.models import Invitation
from invitations.services import invite, revoke
from tests.clients.browsing import browser_of, text_of
from tests.clients.test_import_pages import url
from tests.clients.test_imports import act, directory, read, reload, workbook
from tests.factories import Cabinet, siren

MAIL = "contact@premys.fr"
Change = Callable[[Cabinet, Client], object]


def done(cabinet: Cabinet, *rows: list[object], actor: Membership | None = None) -> ImportJob:
    return act(read(actor or cabinet.administrator, workbook(list(rows))))


def undone(job: ImportJob, *, actor: Membership | None = None) -> ImportJob:
    undo_import(actor or job.created_by, job=job)
    run_import(job.pk)
    return reload(job)


def client_of(cabinet: Cabinet, n: int) -> Client:
    with tenant(firm=cabinet.firm.pk):
        return Client.objects.get(siren=siren(n))


def said(job: ImportJob) -> dict[int, tuple[bool | None, str]]:
    """What became of each row, by its number."""
    with tenant(firm=job.firm_id):
        rows = ImportRow.objects.filter(job=job).values_list("number", "undone", "undo_reason")
        return {number: (is_undone, reason) for number, is_undone, reason in rows}


def assigned_to(client: Client) -> set[str]:
    with tenant(firm=client.firm_id):
        found = ClientAssignment.objects.filter(client=client)
        return set(found.values_list("membership__user__contact_email", flat=True))


def modify(cabinet: Cabinet, client: Client) -> None:
    update_client(cabinet.administrator, client=client, values={"city": "Nice"}, version=client.version)


def invite_and_revoke(cabinet: Cabinet, client: Client) -> None:
    invite(cabinet.administrator, client=client)
    with tenant(firm=cabinet.firm.pk):
        invitation = Invitation.objects.select_related("client").get(client=client)
    revoke(cabinet.administrator, invitation=invitation)


def test_files_that_the_import_made_go_and_its_values_give_way(cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    done(other_cabinet, ["Premys ailleurs", siren(1), "Sète", MAIL])
    before = create_client(cabinet.administrator, values={"name": "Logalease", "siren": siren(2), "city": "Lyon"})
    job = done(cabinet, ["Premys", siren(1)], ["Logalease SAS", siren(2), "Paris", "a@log.fr"], ["Faux", "123"])
    job = undone(job)
    assert (job.state, job.rows_to_undo, job.rows_undone, job.wake_at) == (ImportState.UNDONE, 2, 2, None)
    assert (job.counts["undone"], job.counts["left"]) == (2, 0)
    assert said(job) == {2: (True, ""), 3: (True, ""), 4: (None, "")}
    assert directory(cabinet) == {siren(2): "Logalease"}
    after = client_of(cabinet, 2)
    assert (after.city, after.contact_email, after.search, after.version) == ("Lyon", "", before.search, 3)
    assert directory(other_cabinet) == {siren(1): "Premys ailleurs"}


def test_file_imported_again_after_the_undoing_is_as_before_it(cabinet: Cabinet) -> None:
    data = workbook([["Premys", siren(1), "Sète"]])
    undone(act(read(cabinet.administrator, data)))
    again = act(read(cabinet.administrator, data))
    assert again.counts == {"create": 1, "update": 0, "unchanged": 0, "reject": 0, "skipped": 0}
    assert directory(cabinet) == {siren(1): "Premys"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (modify, "Le dossier a été modifié depuis l'import."),
        (lambda cabinet, client: invite(cabinet.administrator, client=client), "Le client a déjà été invité."),
        (invite_and_revoke, "Des éléments ont été rattachés au dossier depuis l'import."),
        (lambda cabinet, client: archive_client(cabinet.administrator, client=client), "Le dossier a été archivé."),
        (
            lambda cabinet, client: assign(cabinet.administrator, client=client, member=cabinet.unassigned),
            "Le dossier a été affecté à d'autres personnes depuis l'import.",
        ),
    ],
)
def test_file_that_something_was_built_on_stays_and_says_why(cabinet: Cabinet, change: Change, reason: str) -> None:
    assigned = cabinet.assigned.user.contact_email
    job = done(cabinet, ["Premys", siren(1), "Sète", MAIL, assigned], ["Logalease", siren(2)])
    change(cabinet, client_of(cabinet, 1))
    job = undone(job)
    assert said(job) == {2: (False, reason), 3: (True, "")}
    assert (job.counts["undone"], job.counts["left"]) == (1, 1)
    assert directory(cabinet) == {siren(1): "Premys"}
    assert assigned in assigned_to(client_of(cabinet, 1))


def test_value_that_was_changed_since_stays_and_the_others_come_back(cabinet: Cabinet) -> None:
    create_client(cabinet.administrator, values={"name": "Premys", "siren": siren(1), "city": "Lyon"})
    job = done(cabinet, ["Premys SAS", siren(1), "Paris", MAIL])
    modify(cabinet, client_of(cabinet, 1))
    job = undone(job)
    client = client_of(cabinet, 1)
    assert (client.name, client.city, client.contact_email) == ("Premys", "Nice", "")
    assert said(job) == {2: (False, "Modifié depuis l'import, laissé tel quel\u00a0: Ville.")}


def test_value_that_somebody_has_put_back_already_is_nothing_to_say(cabinet: Cabinet) -> None:
    client = create_client(cabinet.administrator, values={"name": "Premys", "siren": siren(1), "city": "Nice"})
    job = done(cabinet, ["Premys", siren(1), "Paris"])
    modify(cabinet, client_of(cabinet, 1))
    job = undone(job)
    assert said(job) == {2: (True, "")}
    assert client_of(cabinet, 1).version == client.version + 2


def test_only_the_import_s_own_assignments_are_taken_back(cabinet: Cabinet) -> None:
    client = create_client(cabinet.administrator, values={"name": "Premys", "siren": siren(1)})
    first, second = cabinet.assigned.user.contact_email, cabinet.unassigned.user.contact_email
    assign(cabinet.administrator, client=client, member=cabinet.assigned)
    job = done(cabinet, ["Premys", siren(1), "", "", f"{first}, {second}"])
    assert assigned_to(client) == {first, second}
    undone(job)
    assert assigned_to(client) == {first}


def test_assignment_that_was_taken_away_since_is_not_missed(cabinet: Cabinet) -> None:
    client = create_client(cabinet.administrator, values={"name": "Premys", "siren": siren(1)})
    job = done(cabinet, ["Premys", siren(1), "", "", cabinet.unassigned.user.contact_email])
    unassign(cabinet.administrator, client=client, member=cabinet.unassigned)
    assert said(undone(job)) == {2: (True, "")}


def test_later_import_of_the_same_clients_is_taken_back_on_its_own(cabinet: Cabinet) -> None:
    first = done(cabinet, ["Premys", siren(1)])
    second = done(cabinet, ["Premys SAS", siren(1)])
    assert said(undone(first)) == {2: (False, "Le dossier a été modifié depuis l'import.")}
    assert said(undone(second)) == {2: (True, "")}
    assert directory(cabinet) == {siren(1): "Premys"}


def test_journal_tells_what_went_and_what_came_back_once(cabinet: Cabinet) -> None:
    client = create_client(cabinet.administrator, values={"name": "Logalease", "siren": siren(2), "city": "Lyon"})
    job = done(cabinet, ["Premys", siren(1)], ["Logalease", siren(2), "Paris"], actor=cabinet.administrator)
    undone(job)
    with tenant(firm=cabinet.firm.pk):
        line = describe(journal_of(client)[:1].get())
        lines = JournalEntry.objects.filter(action__in=("client.removed", "import.undo_started", "import.undone"))
        told = list(lines.order_by("id").values_list("action", "object_label", "actor"))
    assert line == {"action": "Dossier client rétabli : import annulé", "details": ["ville : Paris → Lyon"]}
    who, import_name = cabinet.administrator.actor_name, "Import de « clients.xlsx »"
    assert told == [
        ("import.undo_started", import_name, who),
        ("client.removed", "Premys", who),
        ("import.undone", import_name, who),
    ]


def test_collaborateur_takes_back_only_what_is_still_his(cabinet: Cabinet) -> None:
    job = done(cabinet, ["Changé", cabinet.client.siren], ["Neuf", siren(2)], actor=cabinet.assigned)
    unassign(cabinet.administrator, client=cabinet.client, member=cabinet.assigned)
    job = undone(job, actor=cabinet.assigned)
    assert said(job) == {2: (False, "Le dossier n'existe plus, ou il ne vous est plus affecté."), 3: (True, "")}
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.get(pk=cabinet.client.pk).name == "Changé"


def test_administrateur_takes_back_what_a_colleague_imported(cabinet: Cabinet) -> None:
    job = undone(done(cabinet, ["Neuf", siren(2)], actor=cabinet.assigned), actor=cabinet.administrator)
    assert (said(job), directory(cabinet)) == ({2: (True, "")}, {})


def test_import_that_is_not_done_cannot_be_undone(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Premys", siren(1)]]))
    with pytest.raises(ImportStateError):
        undo_import(cabinet.administrator, job=job)


def test_undoing_that_fails_each_time_stops_and_says_what_is_left(cabinet: Cabinet) -> None:
    job = done(cabinet, ["Premys", siren(1)], ["Logalease", siren(2)])
    undo_import(cabinet.administrator, job=job)
    with tenant(firm=cabinet.firm.pk):
        ImportJob.objects.filter(pk=job.pk).update(attempts=50)
    run_import(job.pk)
    stopped = reload(job)
    assert (stopped.state, stopped.wake_at, stopped.counts["left"]) == (ImportState.UNDONE, None, 2)
    assert said(job)[2] == (False, "L'annulation s'est arrêtée avant cette ligne.")
    assert len(directory(cabinet)) == 2


def test_page_takes_back_and_tells_which_rows_are_left(cabinet: Cabinet) -> None:
    job = done(cabinet, ["Premys", siren(1)], ["Logalease", siren(2)])
    browser, page = browser_of(cabinet.administrator), url("import_review", cabinet, job)
    assert "2 lignes seront annulées : les dossiers" in browser.get(page).content.decode().replace("\u00a0", " ")
    modify(cabinet, client_of(cabinet, 1))
    for _press in range(2):
        assert browser.post(url("import_undo", cabinet, job))["Location"] == page
    assert "Annulation en cours" in text_of(browser.get(page))
    assert "clients.xlsx" in text_of(browser.get(url("running", cabinet)))
    run_import(job.pk)
    assert "1 ligne annulée, 1 laissée." in text_of(browser.get(page))
    assert "Annuler cet import" not in text_of(browser.get(page))
    left = text_of(browser.get(f"{page}?voir=gardes"))
    assert ("Premys" in left, "Logalease" in left) == (True, False)
    assert "Le dossier a été modifié depuis l'import." in left
    again = text_of(browser.post(url("import_undo", cabinet, job), follow=True))
    assert "Cet import est déjà" not in again
