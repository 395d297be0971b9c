"""« Annuler cet import »: its rows are taken back in chunks, each one transaction with its progress, like the act.

What was built on a file since then stays, and its row says why (docs/decisions/undoing-an-import.md).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import ForeignObjectRel
from django.utils import timezone
from psycopg import sql

from clients.enums import ClientStatus, ImportState, RowAction
from clients.importing.columns.registry import LABELS
from clients.importing.plan import COLLABORATORS
from clients.models import Client, ClientAssignment, ImportJob, ImportRow
from clients.selectors import clients_visible_to, rows_to_undo
from clients.services.files import search_text
from common.bulk import copy_into, temporary_table
from common.journal import record, record_each, record_many
from common.typography import french
from firms.models import Membership

CHUNK = 500
_GONE = "Le dossier n'existe plus, ou il ne vous est plus affecté."
_CHANGED = "Le dossier a été modifié depuis l'import."
_BUILT_ON = "Des éléments ont été rattachés au dossier depuis l'import."
_ASSIGNED = "Le dossier a été affecté à d'autres personnes depuis l'import."
_INVITED = "Le client a déjà été invité."
_BY_STATUS = {ClientStatus.ACTIVE: "Le client est déjà actif.", ClientStatus.ARCHIVED: "Le dossier a été archivé."}
_STOPPED = "L'annulation s'est arrêtée avant cette ligne."

#: E-mail → assignment, of one client file.
_Assigned = Mapping[str, UUID]
#: A file and, by field, [the value until now, the value from before the import].
_Restored = list[tuple[Client, dict[str, list[str]]]]
_FORMER = "import_former"


@dataclass(slots=True)
class _Findings:
    """What one chunk takes back, and what it leaves."""

    removed: list[Client] = field(default_factory=list)
    restored: _Restored = field(default_factory=list)
    unassigned: list[UUID] = field(default_factory=list)
    #: Row → why something of it is left.
    left: dict[int, str] = field(default_factory=dict)


def undo_chunk(job: ImportJob) -> int:
    """
    Take back the next rows, inside the firm's tenant and the caller's transaction, and count them on the job.

    Returns how many rows were handled; 0 when none is left.
    """
    rows = list(rows_to_undo(job).order_by("number")[:CHUNK])
    if not rows:
        return 0
    # By SIREN: an import and an undoing at once take their locks in the same order.
    visible = clients_visible_to(_actor(job)).filter(pk__in=[row.client_id for row in rows])
    clients = {client.pk: client for client in visible.select_for_update(of=("self",)).order_by("siren")}
    findings = _examine(rows, clients)
    _write(job, findings)
    _settle(rows, findings.left)
    job.rows_undone += len(rows)
    return len(rows)


def stop_undo(job: ImportJob) -> None:
    """Undoing fails each time: what was taken back is, what is left says so, and it ends."""
    rows_to_undo(job).update(undone=False, undo_reason=_STOPPED)
    finish_undo(job)


def finish_undo(job: ImportJob) -> None:
    """No row is left to look at."""
    job.state, job.wake_at, job.undone_at = ImportState.UNDONE, None, timezone.now()
    rows = ImportRow.objects.filter(job=job)
    undone, left = rows.filter(undone=True).count(), rows.filter(undone=False).count()
    job.counts = {**job.counts, "undone": undone, "left": left}
    record(_actor(job), "import.undone", job, counts=job.counts)


def _actor(job: ImportJob) -> Membership:
    return job.undone_by or job.created_by


def _examine(rows: Sequence[ImportRow], clients: Mapping[UUID, Client]) -> _Findings:
    findings = _Findings()
    assigned, built_on = _assignments(clients), _referred_to(clients)
    for row in rows:
        client = clients.get(row.client_id) if row.client_id else None
        if client is None:
            findings.left[row.pk] = _GONE
        elif row.action == RowAction.UPDATE:
            _restore(row, client, assigned[client.pk], findings)
        elif reason := _why_kept(row, client, assigned[client.pk], built_on):
            findings.left[row.pk] = reason
        else:
            findings.removed.append(client)
    return findings


def _assignments(clients: Collection[UUID]) -> Mapping[UUID, _Assigned]:
    found: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    known = ClientAssignment.objects.filter(client__in=list(clients))
    for pk, client, email in known.values_list("pk", "client_id", "membership__user__contact_email"):
        found[client][email.lower()] = pk
    return found


def _referred_to(clients: Collection[UUID]) -> set[UUID]:
    """Those of the client files that a row of any room refers to. Assignments are looked at by themselves."""
    found: set[UUID] = set()
    for relation in Client._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model is not ClientAssignment:
            column = relation.field.attname
            rows = relation.related_model._default_manager.filter(**{f"{column}__in": list(clients)})
            found.update(rows.values_list(column, flat=True))
    return found


def _why_kept(row: ImportRow, client: Client, assigned: _Assigned, built_on: Collection[UUID]) -> str:
    """Why a file that the import made stays; empty where nothing was built on it."""
    if client.status != ClientStatus.CREATED:
        return _BY_STATUS.get(ClientStatus(client.status), _INVITED)
    if client.pk in built_on or client.company_id:
        return _BUILT_ON
    if client.version != row.client_version:
        return _CHANGED
    return _ASSIGNED if assigned.keys() - set(row.assignees) else ""


def _restore(row: ImportRow, client: Client, assigned: _Assigned, findings: _Findings) -> None:
    """Each former value comes back where the present one is still the import's."""
    changes, changed_since = {}, []
    for name, (old, new) in row.changes.items():
        if name == COLLABORATORS:
            continue
        if (present := getattr(client, name) or "") == new:
            setattr(client, name, old)
            changes[name] = [new, old]
        elif present != old:
            changed_since.append(LABELS.get(name, name))
    if added := [email for email in row.newly_assigned if email in assigned]:
        findings.unassigned += [assigned[email] for email in added]
        changes[COLLABORATORS] = [", ".join(assigned), ", ".join(email for email in assigned if email not in added)]
    if changes:
        findings.restored.append((client, changes))
    if changed_since:
        findings.left[row.pk] = french(f"Modifié depuis l'import, laissé tel quel : {', '.join(changed_since)}.")


def _write(job: ImportJob, findings: _Findings) -> None:
    actor = _actor(job)
    ClientAssignment.objects.filter(pk__in=findings.unassigned).delete()
    if findings.restored:
        _give_back(findings.restored)
    record_each(
        actor,
        "client.import_undone",
        ((client, {"source": job.file_name, "changes": changes}) for client, changes in findings.restored),
    )
    # While they are there: the line names them.
    record_many(actor, "client.removed", findings.removed, source=job.file_name)
    Client.objects.filter(pk__in=[client.pk for client in findings.removed]).delete()


def _give_back(restored: _Restored) -> None:
    """One statement for all: each file has values of its own, which Django would spell out one by one."""
    rows = [
        (client.pk, json.dumps({name: old for name, (_new, old) in changes.items()}), search_text(client))
        for client, changes in restored
    ]
    names = {name for _client, changes in restored for name in changes} - {COLLABORATORS}
    values = [
        sql.SQL("{0} = COALESCE(f.former_values ->> {1}, c.{0})").format(sql.Identifier(name), sql.Literal(name))
        for name in sorted(names)
    ]
    values += [sql.SQL("search = f.search, version = c.version + 1, updated_at = {}").format(timezone.now())]
    with temporary_table(_FORMER, {"client": "uuid", "former_values": "jsonb", "search": "text"}) as cursor:
        copy_into(cursor, _FORMER, rows)
        update = sql.SQL("UPDATE {} c SET {} FROM {} f WHERE c.id = f.client")
        table, former = sql.Identifier(Client._meta.db_table), sql.Identifier(_FORMER)
        cursor.execute(update.format(table, sql.SQL(", ").join(values), former))


def _settle(rows: Iterable[ImportRow], left: Mapping[int, str]) -> None:
    """Most rows say the same: one statement for each thing that is said."""
    said: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        said[left.get(row.pk, "")].append(row.pk)
    for reason, keys in said.items():
        ImportRow.objects.filter(pk__in=keys).update(undone=not reason, undo_reason=reason)
