"""What an import would do, row by row, before anything is written.

    for planned in plan_rows(header, find=directory.find, collaborators=assignable):
        …

A row is created, updated (with each value that changes), unchanged or rejected (with every reason). Nothing is erased:
a blank cell leaves the value that is there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeVar

from clients.enums import RowAction
from clients.importing.cells import Cell
from clients.importing.columns.base import Value
from clients.importing.columns.header import Header
from clients.importing.columns.row import CleanedRow, RowCleaner
from common.identifiers import FRANCE, format_siren, known_vat
from common.typography import french

COLLABORATORS: Final = "collaborators"
CODE: Final = "code"
VAT: Final = "vat_number"
#: Rows that are looked up at once: all that is ever held of a sheet or of a directory.
BATCH: Final = 5000
# One client's present values by field of the model; blank ones may be left out or None. And `collaborators`: e-mails,
# None where nobody can be assigned to the file.
ClientValues = Mapping[str, Value | None]
# The firm's clients among these SIRENs, by SIREN; None for one that the person who imports does not see.
Find = Callable[[Sequence[str]], Mapping[str, ClientValues | None]]
_HIDDEN: Final = (
    "Un dossier existe déjà pour ce SIREN dans le cabinet, mais il ne vous est pas affecté : "
    "demandez à un administrateur."
)
_NOBODYS: Final = french("Le dossier du cabinet n'est affecté à personne : colonne des collaborateurs ignorée.")
_STRANGER: Final = "n'est pas un collaborateur de ce cabinet"
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Change:
    """One value of an existing client that the row replaces. `old` is "" (or ()) where there was none."""

    field: str
    old: Value
    new: Value


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

    def add(self, rows: Iterable[PlannedRow]) -> None:
        for row in rows:
            self.actions[row.action] += 1
            self.warned += bool(row.warnings)
            for change in row.changes:
                self.changed_fields[change.field] += 1


@dataclass(slots=True)
class _Seen:
    """The rows gone by, to name both of two that collide."""

    sirens: dict[str, tuple[int, str]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)


def nobody(_sirens: Sequence[str]) -> Mapping[str, ClientValues | None]:
    """The directory of a firm without clients."""
    return {}


def plan_rows(
    header: Header, *, find: Find = nobody, collaborators: Mapping[str, str] | None = None
) -> Iterator[PlannedRow]:
    """Every row of the sheet, in its order, against the firm's clients, which `find` looks up batch by batch.

    `collaborators`: the e-mail address, in lower case, of each member, and why he or she cannot be assigned ("": can).
    Those who cannot, and strangers, are left out with a warning. None takes every address.
    """
    cleaner, seen = RowCleaner(header.columns), _Seen()
    for rows in batches(header.rows(), BATCH):
        cleaned = [_checked(cleaner.clean(row), seen, collaborators) for row in rows]
        existing = find([row.siren for row in cleaned if row.siren and not row.reasons])
        for row in cleaned:
            yield _planned(row, existing)


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


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


def _checked(cleaned: CleanedRow, seen: _Seen, collaborators: Mapping[str, str] | None) -> CleanedRow:
    """Beside the rows gone by and the firm's members."""
    _check_duplicates(cleaned, seen)
    if collaborators is not None and COLLABORATORS in cleaned.values:
        _keep_known(cleaned, collaborators)
    return cleaned


def _planned(cleaned: CleanedRow, existing: Mapping[str, ClientValues | None]) -> PlannedRow:
    siren, reasons = cleaned.siren, cleaned.reasons
    changes: tuple[Change, ...] = ()
    if reasons or siren is None:
        action = RowAction.REJECT
    elif siren not in existing:
        action = RowAction.CREATE
        _complete(cleaned, siren)
    elif (current := existing[siren]) is None:
        action, reasons = RowAction.REJECT, [_HIDDEN]
    else:
        if COLLABORATORS in cleaned.values and current.get(COLLABORATORS, ()) is None:
            del cleaned.values[COLLABORATORS]
            cleaned.warnings.append(_NOBODYS)
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
        reasons=tuple(reasons),
        warnings=tuple(cleaned.warnings),
    )


def _complete(cleaned: CleanedRow, siren: str) -> None:
    """A new file has the VAT number that follows from its SIREN, as one that is typed by hand."""
    if VAT not in cleaned.values and (vat := known_vat(siren, country=cleaned.text("country") or FRANCE)):
        cleaned.values[VAT] = vat


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


def _keep_known(cleaned: CleanedRow, collaborators: Mapping[str, str]) -> None:
    named = _as_list(cleaned.values.get(COLLABORATORS))
    why_not = {email: collaborators.get(email, _STRANGER) for email in named}
    known = tuple(email for email in named if not why_not[email])
    if len(known) == len(named):
        return
    cleaned.warnings += [french(f"{email} {reason} : non affecté.") for email, reason in why_not.items() if reason]
    if known:
        cleaned.values[COLLABORATORS] = known
    else:
        del cleaned.values[COLLABORATORS]


def _as_list(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
