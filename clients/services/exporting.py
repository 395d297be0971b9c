"""« Exporter »: client files as a workbook with the columns of an import, which reads it back."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Prefetch

from clients.importing.columns.registry import COLUMNS
from clients.importing.plan import COLLABORATORS
from clients.importing.sheetrows import safe_text
from clients.importing.workbooks import SHEET, shown
from clients.models import Client, ClientAssignment
from common.journal import record
from common.tenancy import tenant
from common.xlsx import stream_workbook
from firms.models import Membership

_STATUS: Final = ("Statut", 22)
_AT_ONCE: Final = 1000


def export_clients(actor: Membership, *, keys: Sequence[UUID]) -> Iterator[bytes]:
    """
    The bytes of the workbook, in the order of the keys: those of files that the actor sees.

    They are read as the bytes are taken, a thousand per transaction, so that no connection waits for the person.
    """
    with tenant(firm=actor.firm_id):
        record(actor, "client.exported", clients=len(keys))
    columns = [(column.label, column.width) for column in COLUMNS]
    return stream_workbook(SHEET, [*columns, _STATUS], _rows(actor.firm_id, keys))


def _rows(firm: UUID, keys: Sequence[UUID]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield from _read(firm, keys[start : start + _AT_ONCE])


def _read(firm: UUID, keys: Sequence[UUID]) -> list[list[str]]:
    assignments = ClientAssignment.objects.select_related("membership__user").order_by("created_at", "pk")
    with tenant(firm=firm):
        found = Client.objects.prefetch_related(Prefetch("assignments", queryset=assignments)).in_bulk(keys)
    return [_row(found[key]) for key in keys if key in found]


def _row(client: Client) -> list[str]:
    values = vars(client) | {
        COLLABORATORS: [assignment.membership.user.contact_email for assignment in client.assignments.all()]
    }
    texts = [shown(column, values) or "" for column in COLUMNS]
    return [safe_text(text) for text in (*texts, client.get_status_display())]
