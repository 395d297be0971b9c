"""The act: the rows of a confirmed import go to the directory in chunks, each one transaction with its progress."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.enums import ImportState, RowAction
from clients.importing.plan import COLLABORATORS
from clients.models import Client, ClientAssignment, ImportJob, ImportRow
from clients.selectors import clients_visible_to
from clients.services.files import EDITABLE, search_text
from common.journal import record, record_many
from firms.models import Membership

CHUNK = 500
_CHANGED = "Le dossier a été modifié entre l'analyse et l'import : il a été laissé tel quel."
_CREATED = "Un dossier a été créé pour ce SIREN entre l'analyse et l'import : il a été laissé tel quel."

_STOPPED = "L'import s'est arrêté avant cette ligne : importez de nouveau le même fichier pour la reprendre."


def apply_chunk(job: ImportJob) -> int:
    """
    Apply the next rows, inside the firm's tenant and the caller's transaction, and count them on the job.

    Returns how many rows were handled; 0 when none is left. A row whose client is no longer as the dry run showed is
    left alone, with a reason.
    """
    rows = list(
        ImportRow.objects.filter(job=job, applied=False, action__in=(RowAction.CREATE, RowAction.UPDATE)).order_by(
            "number"
        )[:CHUNK]
    )
    if not rows:
        return 0
    members = _members_by_email(job)
    # By SIREN: two imports at once take their locks in the same order.
    rows.sort(key=lambda row: row.siren)
    done = _create(job, [row for row in rows if row.action == RowAction.CREATE])
    done |= _update(job, [row for row in rows if row.action == RowAction.UPDATE])
    _assign(job, rows, done, members)
    ImportRow.objects.filter(pk__in=[row.pk for row in rows]).update(applied=True)
    # Row by row in SQL, which is slow: only those that were left alone.
    ImportRow.objects.bulk_update([row for row in rows if row.reasons], ["reasons"])
    job.rows_applied += len(rows)
    return len(rows)


def stop(job: ImportJob) -> None:
    """The act fails each time: what is done stays, what is left says that it is, and the import ends."""
    left = ImportRow.objects.filter(job=job, applied=False, action__in=(RowAction.CREATE, RowAction.UPDATE))
    left.update(applied=True, reasons=[_STOPPED])
    finish(job)


def finish(job: ImportJob) -> None:
    """No row is left: the import is done."""
    job.state, job.wake_at, job.finished_at = ImportState.DONE, None, timezone.now()
    skipped = ImportRow.objects.filter(job=job, applied=True).exclude(reasons=[]).count()
    job.counts = {**job.counts, "skipped": skipped}
    record(job.created_by, "import.done", job, counts=job.counts)


def _create(job: ImportJob, rows: Sequence[ImportRow]) -> dict[int, Client]:
    """Row id → client, for the rows that made one."""
    made: dict[int, Client] = {}
    for row in rows:
        client = Client(firm_id=job.firm_id, created_by_id=job.created_by_id, **_editable(row.values))
        client.search = search_text(client)
        made[row.pk] = client
    # A SIREN that somebody opened in the meantime is left alone.
    Client.objects.bulk_create(made.values(), ignore_conflicts=True)
    present = set(Client.objects.filter(pk__in=[c.pk for c in made.values()]).values_list("pk", flat=True))
    for row in rows:
        if made[row.pk].pk not in present:
            row.reasons = [_CREATED]
            del made[row.pk]
    record_many(job.created_by, "client.imported", made.values(), source=job.file_name)
    return made


def _update(job: ImportJob, rows: Sequence[ImportRow]) -> dict[int, Client]:
    locked = {
        client.siren: client
        # Only what the person who imports still sees: days may lie between the dry run and the act.
        for client in clients_visible_to(job.created_by)
        .filter(siren__in=[row.siren for row in rows])
        .select_for_update()
        .order_by("siren")
    }
    updated: dict[int, Client] = {}
    now = timezone.now()
    for row in rows:
        client = locked.get(row.siren)
        if client is None or not _as_planned(client, row):
            row.reasons = [_CHANGED]
            continue
        for name, value in _editable(row.values).items():
            if name in row.changes:
                setattr(client, name, value)
        client.search = search_text(client)
        client.version += 1
        client.updated_at = now
        updated[row.pk] = client
    Client.objects.bulk_update(updated.values(), [*EDITABLE, "search", "version", "updated_at"], batch_size=CHUNK)
    record_many(job.created_by, "client.updated_by_import", updated.values(), source=job.file_name)
    return updated


def _as_planned(client: Client, row: ImportRow) -> bool:
    """Whether each value that the row replaces is still the one that the dry run showed."""
    return all(
        (getattr(client, name) or "") == old for name, (old, _new) in row.changes.items() if name != COLLABORATORS
    )


def _assign(job: ImportJob, rows: Sequence[ImportRow], done: dict[int, Client], members: dict[str, UUID]) -> None:
    wanted = [
        ClientAssignment(firm_id=job.firm_id, client=done[row.pk], membership_id=members[email])
        for row in rows
        if row.pk in done
        for email in row.assignees
        if email in members
    ]
    ClientAssignment.objects.bulk_create(wanted, ignore_conflicts=True)


def _members_by_email(job: ImportJob) -> dict[str, UUID]:
    members = Membership.objects.filter(firm=job.firm_id).exclude(status="disabled")
    return {email.lower(): pk for pk, email in members.values_list("pk", "user__contact_email") if email}


def _editable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in EDITABLE}
