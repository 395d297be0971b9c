"""« Exporter » of the journal: the lines that its filters find as a workbook, read as its bytes are taken."""

from collections.abc import Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from common.journal import record
from common.models import JournalEntry
from common.permissions import require
from common.tenancy import tenant
from common.typography import datetime_fr, french
from common.xlsx import list_workbook
from firms.journal_words import describe
from firms.models import Membership
from firms.permissions import can_read_journal
from firms.selectors import page_before

#: A sheet of Excel holds 1,048,576 rows.
MOST: Final = 1_000_000
_AT_ONCE: Final = 1000
_COLUMNS: Final = (
    ("Date", 18),
    ("Qui", 28),
    ("Action", 36),
    ("Sur", 36),
    ("Avant → après", 70),
    ("Depuis", 18),
    ("Référence", 16),
    ("Identifiant de la ligne", 38),
)
_CUT: Final = french("Les lignes plus anciennes ne tiennent pas dans une feuille : restreignez les dates.")


def export_journal(actor: Membership, *, lines: QuerySet[JournalEntry], filters: str) -> Iterator[bytes]:
    """
    The bytes of the workbook, latest line first; `lines` are the firm's own, `filters` says what they were found by.

    A thousand are read per transaction, so that neither memory nor a connection waits for the person.
    """
    require(can_read_journal(actor), "Seul un administrateur du cabinet exporte le journal.")
    with tenant(firm=actor.firm_id):
        record(actor, "journal.exported", filters=filters or "aucun")
    return list_workbook("Journal", _COLUMNS, _rows(actor.firm_id, lines))


def _rows(firm: UUID, lines: QuerySet[JournalEntry]) -> Iterator[list[str]]:
    entries = _entries(firm, lines)
    yield from map(_row, islice(entries, MOST))
    if next(entries, None) is not None:
        yield ["…", "", "", "", _CUT]


def _entries(firm: UUID, lines: QuerySet[JournalEntry]) -> Iterator[JournalEntry]:
    after: UUID | None = None
    while True:
        with tenant(firm=firm):
            page, after = page_before(lines, uid=after, size=_AT_ONCE)
        yield from page
        if after is None:
            return


def _row(entry: JournalEntry) -> list[str]:
    words = describe(entry)
    return [
        datetime_fr(entry.at),
        entry.actor,
        words["action"],
        entry.object_label,
        "\n".join(words["details"]),
        entry.ip or "",
        entry.reference,
        str(entry.uid),
    ]
