"""What an import would do, row by row, before anything is written.

    for planned in plan_rows(header, existing, collaborators=emails):
        …

A row is created, updated (with each value that changes), unchanged or rejected (with every reason). Nothing is erased:
a blank cell leaves the value that is there.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from clients.enums import RowAction
from clients.importing.cells import Cell
from clients.importing.columns.base import Value
from clients.importing.columns.header import Header
from clients.importing.columns.registry import LABELS
from clients.importing.columns.row import CleanedRow, clean_row
from common.identifiers import format_siren
from common.typography import french

COLLABORATORS: Final = "collaborators"
CODE: Final = "code"
# One client's present values by field of the model, and `collaborators`: e-mails; blank ones may be left out or None.
ClientValues = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One value of an existing client that the row replaces. `old` is "" (or ()) where there was none."""

    field: str
    old: Value
    new: Value

    @property
    def label(self) -> str:
        return LABELS[self.field]


@dataclass(slots=True)
class PlannedRow:
    """What one row would do.

    `values` holds the cleaned cells that are not blank, without `collaborators` that the firm does not know. `cells`
    are the user's own, for the error workbook. `siren` is None only where a rejected row has none that can be read.
    """

    number: int
    action: RowAction
    siren: str | None
    name: str
    values: Mapping[str, Value]
    cells: tuple[Cell, ...]
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class PlanCounts:
    """The figures of the dry-run page, gathered while the rows go by."""

    actions: Counter[RowAction] = field(default_factory=Counter)
    changed_fields: Counter[str] = field(default_factory=Counter)
    warned: int = 0

    def add(self, row: PlannedRow) -> None:
        self.actions[row.action] += 1
        self.changed_fields.update(change.field for change in row.changes)
        self.warned += bool(row.warnings)

    @property
    def total(self) -> int:
        return self.actions.total()


@dataclass(slots=True)
class _Seen:
    """The rows gone by, to name both of two that collide."""

    sirens: dict[str, tuple[int, str]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)


def plan_rows(
    header: Header,
    existing: Mapping[str, ClientValues],
    *,
    collaborators: Collection[str] | None = None,
) -> Iterator[PlannedRow]:
    """Every row of the sheet, in its order, against the firm's clients by SIREN.

    `collaborators`: the e-mail addresses, in lower case, of the members who can be assigned; others are left out with
    a warning. None takes every address.
    """
    seen = _Seen()
    for row in header.rows():
        cleaned = clean_row(row, header.columns)
        _check_duplicates(cleaned, seen)
        if collaborators is not None:
            _keep_known(cleaned, collaborators)
        yield _planned(cleaned, existing)


def count_rows(rows: Iterable[PlannedRow]) -> PlanCounts:
    counts = PlanCounts()
    for row in rows:
        counts.add(row)
    return counts


def changes_of(values: Mapping[str, Value], current: ClientValues) -> tuple[Change, ...]:
    """What `values` would change in a client. Collaborators are only ever added."""
    changes = []
    for name, new in values.items():
        if isinstance(new, tuple):
            old = _as_list(current.get(name))
            added = tuple(item for item in new if item not in old)
            if added:
                changes.append(Change(name, old, old + added))
        elif new != (known := current.get(name) or ""):
            changes.append(Change(name, known, new))
    return tuple(changes)


def _planned(cleaned: CleanedRow, existing: Mapping[str, ClientValues]) -> PlannedRow:
    siren = cleaned.siren
    changes: tuple[Change, ...] = ()
    if cleaned.reasons or siren is None:
        action = RowAction.REJECT
    elif (current := existing.get(siren)) is None:
        action = RowAction.CREATE
    else:
        changes = changes_of(cleaned.values, current)
        action = RowAction.UPDATE if changes else RowAction.UNCHANGED
    return PlannedRow(
        number=cleaned.row.number,
        action=action,
        siren=siren,
        name=cleaned.name,
        values=cleaned.values,
        cells=tuple(cleaned.row.cells),
        changes=changes,
        reasons=tuple(cleaned.reasons),
        warnings=tuple(cleaned.warnings),
    )


def _check_duplicates(cleaned: CleanedRow, seen: _Seen) -> None:
    """The first row of a SIREN counts; every later one is rejected and names it. A repeated code is only doubtful."""
    number = cleaned.row.number
    if siren := cleaned.siren:
        first, name = seen.sirens.setdefault(siren, (number, cleaned.name))
        if first != number:
            same = f"les lignes {first} et {number} ont le même SIREN {format_siren(siren)}"
            cleaned.reasons.append(french(f"Doublon : {same} (ligne {first} : {name or 'sans nom'})."))
            return
    if code := cleaned.text(CODE):
        first = seen.codes.setdefault(code, number)
        if first != number:
            cleaned.warnings.append(french(f"Code dossier « {code} » : les lignes {first} et {number} ont le même."))


def _keep_known(cleaned: CleanedRow, collaborators: Collection[str]) -> None:
    named = _as_list(cleaned.values.get(COLLABORATORS))
    known = tuple(email for email in named if email in collaborators)
    if len(known) == len(named):
        return
    for email in named:
        if email not in known:
            cleaned.warnings.append(french(f"{email} n’est pas un collaborateur de ce cabinet : non affecté."))
    if known:
        cleaned.values[COLLABORATORS] = known
    else:
        del cleaned.values[COLLABORATORS]


def _as_list(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
