"""Acts on many client files at once: each file is looked at again under its lock, and those left alone are counted."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from psycopg import sql

from clients.enums import ClientStatus
from clients.models import Client, ClientAssignment
from clients.permissions import can_archive_client, can_assign
from common.journal import record_found
from common.permissions import require
from common.tenancy import tenant
from firms.enums import MembershipStatus
from firms.models import Membership

#: Why files were left alone: the words for one, and for several.
ARCHIVED: Final = "déjà archivé,déjà archivés"
NOT_ARCHIVED: Final = "pas archivé,pas archivés"
FIRM_FILE: Final = "dossier du cabinet,dossiers du cabinet"
ASSIGNED: Final = "déjà affecté,déjà affectés"
NOT_ASSIGNED: Final = "pas affecté,pas affectés"
UNSEEN: Final = "introuvable,introuvables"

#: Rows of one statement that writes many.
BATCH = 5000


class NoAccessError(ValueError):
    """The person cannot be given a file: his or her place in the firm has ended, or is in another one."""

    def __init__(self) -> None:
        super().__init__("Cette personne n'a pas accès au cabinet.")


@dataclass(frozen=True)
class Outcome:
    """How many files an act reached, and how many it left alone, by reason."""

    done: int
    refused: Mapping[str, int]


def archive_clients(actor: Membership, *, clients: QuerySet[Client]) -> Outcome:
    """« Archivé »: no new invoice reaches the firm by these files; what was received stays readable."""
    require(can_archive_client(actor), "Seul un administrateur archive un dossier client.")
    with tenant(firm=actor.firm_id):
        reached, refused = lock_files(clients, _why_not_archived)
        Client.objects.filter(pk__in=reached).update(
            status_before_archive=F("status"), status=ClientStatus.ARCHIVED, updated_at=timezone.now()
        )
        record_on_files(actor, "client.archived", reached)
    return Outcome(len(reached), refused)


def restore_clients(actor: Membership, *, clients: QuerySet[Client]) -> Outcome:
    """Each archived file gets back the status that it had."""
    require(can_archive_client(actor), "Seul un administrateur restaure un dossier client.")
    with tenant(firm=actor.firm_id):
        reached, refused = lock_files(clients, _why_not_restored)
        former = Coalesce(NullIf(F("status_before_archive"), Value("")), Value(ClientStatus.CREATED.value))
        Client.objects.filter(pk__in=reached).update(status=former, status_before_archive="", updated_at=timezone.now())
        record_on_files(actor, "client.restored", reached)
    return Outcome(len(reached), refused)


def assign_clients(actor: Membership, *, clients: QuerySet[Client], members: Collection[Membership]) -> Outcome:
    """« Affectation »: give the members the files. A file is reached when one of them did not have it yet."""
    require(can_assign(actor), "Seul un administrateur affecte les dossiers.")
    if any(member.firm_id != actor.firm_id or member.status == MembershipStatus.DISABLED for member in members):
        raise NoAccessError
    with tenant(firm=actor.firm_id):
        files, refused = lock_files(clients, _why_not_assigned)
        reached: set[UUID] = set()
        for member in members:
            missing = files - _assigned(member, files)
            ClientAssignment.objects.bulk_create(
                (ClientAssignment(firm_id=actor.firm_id, client_id=pk, membership=member) for pk in missing),
                batch_size=BATCH,
                ignore_conflicts=True,
            )
            record_on_files(actor, "client.assigned", missing, member=str(member.user))
            reached |= missing
    return Outcome(len(reached), refused + Counter({ASSIGNED: len(files - reached)}))


def unassign_clients(actor: Membership, *, clients: QuerySet[Client], members: Collection[Membership]) -> Outcome:
    """Take the files back from the members. A file is reached when one of them had it."""
    require(can_assign(actor), "Seul un administrateur affecte les dossiers.")
    with tenant(firm=actor.firm_id):
        files, refused = lock_files(clients, lambda _status, _is_firm_file: "")
        reached: set[UUID] = set()
        for member in members:
            held = _assigned(member, files)
            ClientAssignment.objects.filter(membership=member.pk, client__in=held).delete()
            record_on_files(actor, "client.unassigned", held, member=str(member.user))
            reached |= held
    return Outcome(len(reached), refused + Counter({NOT_ASSIGNED: len(files - reached)}))


def _why_not_archived(status: str, is_firm_file: bool) -> str:  # noqa: FBT001 - the columns of a row
    if is_firm_file:
        return FIRM_FILE
    return ARCHIVED if status == ClientStatus.ARCHIVED else ""


def _why_not_restored(status: str, _is_firm_file: bool) -> str:  # noqa: FBT001 - as above
    return "" if status == ClientStatus.ARCHIVED else NOT_ARCHIVED


def _why_not_assigned(_status: str, is_firm_file: bool) -> str:  # noqa: FBT001 - as above
    return FIRM_FILE if is_firm_file else ""


def lock_files(clients: QuerySet[Client], why_not: Callable[[str, bool], str]) -> tuple[set[UUID], Counter[str]]:
    """The files that the act may reach, and the others by reason. By their ids: a query that joins locks more."""
    wanted = Client.objects.filter(pk__in=clients.order_by().values("pk"))
    locked = wanted.order_by("pk").select_for_update().values_list("pk", "status", "is_firm_file")
    reasons = {pk: why_not(status, is_firm_file) for pk, status, is_firm_file in locked}
    return {pk for pk, reason in reasons.items() if not reason}, Counter(filter(None, reasons.values()))


def _assigned(member: Membership, files: Collection[UUID]) -> set[UUID]:
    held = ClientAssignment.objects.filter(membership=member.pk).values_list("client", flat=True)
    return set(held).intersection(files)


def record_on_files(actor: Membership, action: str, files: Collection[UUID], **data: str) -> None:
    if files:
        found = sql.SQL("SELECT id, name, {}::jsonb FROM clients_client WHERE id = ANY({})").format(
            sql.Literal(json.dumps(data)), sql.Literal(list(files))
        )
        record_found(actor, action, Client, found)
