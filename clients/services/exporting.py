"""« Exporter »: client files as a workbook with the columns of an import, which reads it back."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from clients.importing.columns.base import Value
from clients.importing.directory import emails_by_client
from clients.importing.plan import COLLABORATORS
from clients.importing.workbooks import clients_workbook
from clients.models import Client, ClientAssignment, ImportJob
from clients.selectors import rejected_rows
from common.journal import record
from common.tenancy import tenant
from firms.models import Membership

_AT_ONCE: Final = 1000


def export_clients(actor: Membership, *, keys: Sequence[UUID]) -> Iterator[bytes]:
    """
    The bytes of the workbook, in the order of the keys: those of files that the actor sees.

    They are read as the bytes are taken, a thousand per transaction, so that no connection waits for the person.
    """
    with tenant(firm=actor.firm_id):
        record(actor, "client.exported", clients=len(keys))
    return clients_workbook(_clients(actor.firm_id, keys))


def _clients(firm: UUID, keys: Sequence[UUID]) -> Iterator[tuple[dict[str, Value], str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield from _read(firm, keys[start : start + _AT_ONCE])


def _read(firm: UUID, keys: Sequence[UUID]) -> list[tuple[dict[str, Value], str]]:
    with tenant(firm=firm):
        found = Client.objects.in_bulk(keys)
        emails = emails_by_client(ClientAssignment.objects.filter(client__in=keys))
    clients = [found[key] for key in keys if key in found]
    return [
        (vars(client) | {COLLABORATORS: emails.get(client.pk, ())}, client.get_status_display()) for client in clients
    ]


def rejected_cells(job: ImportJob) -> Iterator[tuple[list[Any], list[str]]]:
    """(cells, reasons) of each row that an import rejected, a thousand per transaction of their own."""
    rows, last = rejected_rows(job).values_list("number", "cells", "reasons"), 0
    while True:
        with tenant(firm=job.firm_id):
            some = list(rows.filter(number__gt=last)[:_AT_ONCE])
        if not some:
            return
        yield from ((cells, reasons) for _number, cells, reasons in some)
        last = some[-1][0]
