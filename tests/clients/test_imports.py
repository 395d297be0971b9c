"""An import job from its file to the directory, by the same calls as the worker's."""

import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from clients.enums import ImportSource, ImportState
from clients.importing import apply
from clients.importing.run import run_import
from clients.importing.workbooks import error_workbook
from clients.models import Client, ImportJob, ImportRow
from clients.selectors import rejected_rows
from clients.services import (
    ImportStateError,
    cancel_import,
    choose_columns,
    confirm_import,
    create_client,
    start_import,
    unassign,
    undo_import,
    update_client,
)
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership
from tests.factories import Cabinet, siren

HEADER = ["Raison sociale", "SIREN", "Ville", "E-mail du contact", "Collaborateurs affectés"]


def workbook(rows: list[list[Any]], *, header: list[str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in [header or HEADER, *rows]:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read(actor: Membership, data: bytes, *, name: str = "clients.xlsx") -> ImportJob:
    job = start_import(actor, source=ImportSource.FILE, file_name=name, chunks=(data,))
    run_import(job.pk)
    return reload(job)


def reload(job: ImportJob) -> ImportJob:
    with tenant(firm=job.firm_id):
        return ImportJob.objects.select_related("created_by__user").get(pk=job.pk)


def act(job: ImportJob) -> ImportJob:
    assert confirm_import(job.created_by, job=job) is True
    run_import(job.pk)
    return reload(job)


def apply_and_die(job: ImportJob) -> None:
    """A worker that is killed after its chunk and before its commit."""
    loaded = reload(job)
    with tenant(firm=job.firm_id):
        apply.apply_chunk(loaded, apply.chunks_left(loaded)[0])
        transaction.set_rollback(True)


def directory(cabinet: Cabinet) -> dict[str, str]:
    with tenant(firm=cabinet.firm.pk):
        return dict(Client.objects.exclude(pk=cabinet.client.pk).values_list("siren", "name"))


def test_dry_run_writes_nothing_and_counts(cabinet: Cabinet) -> None:
    rows = [
        ["Premys", siren(1), "Paris"],
        ["Faux", "123456789", "Lyon"],
        [cabinet.client.name, cabinet.client.siren, ""],
    ]
    job = read(cabinet.administrator, workbook(rows))
    assert job.state == ImportState.READY
    assert job.counts == {"create": 1, "update": 0, "unchanged": 1, "reject": 1}
    assert (job.header_row, job.rows_to_apply) == (1, 1)
    assert directory(cabinet) == {}
    with tenant(firm=cabinet.firm.pk):
        rejected = rejected_rows(job).get()
    assert rejected.number == 3
    assert len(rejected.reasons) == 1


def test_confirmed_import_fills_the_directory_and_again_changes_nothing(cabinet: Cabinet) -> None:
    data = workbook([["Premys", siren(1), "Paris"], ["Logalease", siren(2), "Lyon"]])
    done = act(read(cabinet.administrator, data))
    assert (done.state, done.rows_applied) == (ImportState.DONE, 2)
    assert directory(cabinet) == {siren(1): "Premys", siren(2): "Logalease"}
    again = read(cabinet.administrator, data)
    assert again.counts == {"create": 0, "update": 0, "unchanged": 2, "reject": 0}


def test_update_shows_the_difference_and_a_blank_cell_erases_nothing(cabinet: Cabinet) -> None:
    act(read(cabinet.administrator, workbook([["Premys", siren(1), "Paris", "a@premys.fr"]])))
    job = read(cabinet.administrator, workbook([["Premys SAS", siren(1), None, None]]))
    with tenant(firm=cabinet.firm.pk):
        assert ImportRow.objects.get(job=job).changes == {"name": ["Premys", "Premys SAS"]}
    act(job)
    with tenant(firm=cabinet.firm.pk):
        client = Client.objects.get(siren=siren(1))
    assert (client.name, client.city, client.contact_email) == ("Premys SAS", "Paris", "a@premys.fr")


def test_changed_directory_is_shown_again_before_anything_is_written(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Premys", siren(1), "Paris"]]))
    create_client(cabinet.administrator, values={"name": "Premys (à la main)", "siren": siren(1)})
    assert confirm_import(cabinet.administrator, job=job) is False
    run_import(job.pk)
    again = reload(job)
    assert (again.state, again.stale) == (ImportState.READY, True)
    assert again.counts == {"create": 0, "update": 1, "unchanged": 0, "reject": 0}
    assert directory(cabinet) == {siren(1): "Premys (à la main)"}


def test_file_that_changes_during_the_act_is_left_alone_with_a_reason(cabinet: Cabinet) -> None:
    client = create_client(cabinet.administrator, values={"name": "Premys", "siren": siren(1)})
    job = read(cabinet.administrator, workbook([["Premys SAS", siren(1)], ["Neuf", siren(2)]]))
    assert confirm_import(cabinet.administrator, job=job)
    update_client(cabinet.administrator, client=client, values={"name": "Premys & Fils"}, version=1)
    create_client(cabinet.administrator, values={"name": "Neuf (à la main)", "siren": siren(2)})
    run_import(job.pk)
    done = reload(job)
    assert (done.state, done.counts["skipped"]) == (ImportState.DONE, 2)
    assert directory(cabinet) == {siren(1): "Premys & Fils", siren(2): "Neuf (à la main)"}


def test_act_interrupted_after_any_chunk_ends_as_an_undisturbed_one(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "CHUNK", 3)
    job = read(cabinet.administrator, workbook([[f"Client {n}", siren(n)] for n in range(1, 11)]))
    assert confirm_import(cabinet.administrator, job=job)
    with tenant(firm=cabinet.firm.pk):
        locked = ImportJob.claim(job.pk)
        assert locked is not None
        apply.apply_chunk(locked, apply.chunks_left(locked)[1])
    apply_and_die(job)
    assert len(directory(cabinet)) == 3
    run_import(job.pk)
    done = reload(job)
    assert (done.state, done.rows_applied) == (ImportState.DONE, 10)
    assert directory(cabinet) == {siren(n): f"Client {n}" for n in range(1, 11)}


def test_finished_job_run_again_does_nothing(cabinet: Cabinet) -> None:
    done = act(read(cabinet.administrator, workbook([["Premys", siren(1)]])))
    run_import(done.pk)
    assert reload(done).rows_applied == 1


def test_unreadable_file_is_refused_in_french(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, b"%PDF-1.7 pas un classeur", name="clients.xlsx")
    assert job.state == ImportState.REFUSED
    assert job.reason != ""
    with pytest.raises(ImportStateError):
        confirm_import(cabinet.administrator, job=job)


def test_unknown_columns_are_chosen_by_a_person(cabinet: Cabinet) -> None:
    data = workbook([["Premys", siren(1)], ["Logalease", siren(2)]], header=["Truc", "Machin"])
    job = read(cabinet.administrator, data)
    assert job.state == ImportState.MAPPING
    choose_columns(cabinet.administrator, job=job, columns={"name": 0, "siren": 1})
    run_import(job.pk)
    ready = reload(job)
    assert (ready.state, ready.counts["create"]) == (ImportState.READY, 2)


def test_collaborateurs_are_assigned(cabinet: Cabinet) -> None:
    email = cabinet.unassigned.user.contact_email
    act(read(cabinet.administrator, workbook([["Premys", siren(1), "", "", email]])))
    with tenant(firm=cabinet.firm.pk):
        client = Client.objects.get(siren=siren(1))
        assert [a.membership_id for a in client.assignments.all()] == [cabinet.unassigned.pk]


def test_utilisateur_is_told_of_a_file_that_is_not_his(cabinet: Cabinet) -> None:
    job = read(cabinet.unassigned, workbook([["Le nôtre", cabinet.client.siren], ["Neuf", siren(9)]]))
    assert job.counts == {"create": 1, "update": 0, "unchanged": 0, "reject": 1}


def test_cancelled_import_cannot_be_confirmed(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Premys", siren(1)]]))
    cancel_import(cabinet.administrator, job=job)
    with pytest.raises(ImportStateError):
        confirm_import(cabinet.administrator, job=job)
    assert directory(cabinet) == {}


def test_file_that_ends_its_worker_each_time_is_refused(cabinet: Cabinet) -> None:
    job = start_import(
        cabinet.administrator, source=ImportSource.FILE, file_name="c.xlsx", chunks=(workbook([["P", siren(1)]]),)
    )
    with tenant(firm=cabinet.firm.pk):
        ImportJob.objects.filter(pk=job.pk).update(state=ImportState.READING, attempts=5, wake_at=timezone.now())
    run_import(job.pk)
    assert reload(job).state == ImportState.REFUSED


def test_act_that_fails_each_time_stops_and_says_what_is_left(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["Premys", siren(1)], ["Logalease", siren(2)]]))
    assert confirm_import(cabinet.administrator, job=job)
    with tenant(firm=cabinet.firm.pk):
        ImportJob.objects.filter(pk=job.pk).update(attempts=50)
    run_import(job.pk)
    stopped = reload(job)
    assert (stopped.state, stopped.wake_at, stopped.rows_applied) == (ImportState.DONE, None, 0)
    assert (stopped.counts["skipped"], directory(cabinet)) == (2, {})


def test_file_taken_away_from_the_person_before_the_act_is_left_alone(cabinet: Cabinet) -> None:
    job = read(cabinet.assigned, workbook([["Changé", cabinet.client.siren], ["Neuf", siren(2)]]))
    assert confirm_import(cabinet.assigned, job=job)
    unassign(cabinet.administrator, client=cabinet.client, member=cabinet.assigned)
    run_import(job.pk)
    assert reload(job).counts["skipped"] == 1
    with tenant(firm=cabinet.firm.pk):
        assert Client.objects.get(pk=cabinet.client.pk).name == cabinet.client.name
    assert directory(cabinet) == {siren(2): "Neuf"}


def test_name_of_a_sheet_longer_than_any_program_writes_is_cut(cabinet: Cabinet) -> None:
    data = workbook([["Premys", siren(1)]])
    long = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(long, "w") as target:
        for entry in source.namelist():
            target.writestr(entry, source.read(entry).replace(b'name="Sheet"', b'name="' + b"x" * 400 + b'"'))
    job = read(cabinet.administrator, long.getvalue())
    assert (job.state, job.sheet) == (ImportState.READY, "x" * 255)


def test_error_workbook_gives_the_users_rows_back_with_reasons(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["=HYPERLINK(1)", "123"], ["Bon", siren(1)]]))
    with tenant(firm=cabinet.firm.pk):
        rows = [(row.cells, row.reasons) for row in rejected_rows(job)]
    sheet = load_workbook(io.BytesIO(error_workbook(job.sample["header"], rows))).active
    assert isinstance(sheet, Worksheet)
    assert [cell.value for cell in sheet[1]] == [*HEADER, "Motif"]
    assert sheet.max_row == 2
    assert not str(sheet.cell(2, 1).value).startswith("=")


def test_who_has_lost_the_firm_moves_no_import(cabinet: Cabinet) -> None:
    job = read(cabinet.administrator, workbook([["A", siren(1)]]))
    gone = cabinet.administrator
    gone.status = MembershipStatus.DISABLED
    columns = {"name": 0, "siren": 1}
    for refused in (
        lambda: choose_columns(gone, job=job, columns=columns),
        lambda: confirm_import(gone, job=job),
        lambda: cancel_import(gone, job=job),
        lambda: undo_import(gone, job=job),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert reload(job).state == ImportState.READY
