"""Finds the header row of a sheet, wherever it is, and says what it could not decide."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import Final

from clients.importing.cells import Cell, SourceRow, column_letter, text_of
from clients.importing.columns.asides import is_aside
from clients.importing.columns.company import Name, Siren
from clients.importing.columns.matching import Match, join_lines, match_header, may_be_header, recognised_in
from clients.importing.columns.registry import BY_FIELD, LABELS, NAME, SHEET_LABELS, SIREN_HOLDERS
from clients.importing.sources.refusal import NO_ROWS, SheetRefused
from clients.importing.sources.spool import Sheet
from common.typography import french

SAMPLE_ROWS: Final = 5
# A header without any known word is only guessed among the first rows.
GUESSED_AMONG: Final = 20
# Rows that a list may repeat on every page: its title, its date, its header.
PRINTED_ABOVE: Final = 10
PROVEN_AMONG: Final = 50
_NO_ROW: Final = SourceRow(-1, ())


@dataclass(frozen=True, slots=True)
class Header:
    """A sheet read through its header. `number` is the header's row, 0 (and no `texts`) where the sheet has none.

    A header of two lines has the number of the second. `lines` are the cells of its rows and of those above it, which
    a list may print on every page.
    """

    sheet: Sheet
    number: int
    columns: Mapping[str, int]
    texts: tuple[str, ...]
    lines: tuple[Sequence[Cell], ...] = ()

    @property
    def letters(self) -> dict[str, str]:
        """Label → spreadsheet column, in the sheet's order."""
        return {SHEET_LABELS[name]: column_letter(index) for name, index in self.columns.items()}

    def rows(self) -> Iterator[SourceRow]:
        """The rows below the header that hold something, without the template's example, repeated headers, totals."""
        number, lines = (self.number if self.texts else -1), self.lines
        for row in self.sheet.rows():
            if row.number > number and row.cells not in lines and not self._is_example(row) and not is_aside(row.cells):
                yield row

    @property
    def is_remembered(self) -> bool:
        """Whether it takes what the firm said of its own wording to read this header so."""
        return bool(self.texts) and match_header(self.texts).columns != dict(self.columns)

    def guesses(self) -> tuple["ColumnGuess", ...]:
        """Each column as the mapping page shows it, for a person who would have read the sheet otherwise."""
        row = SourceRow(self.number, self.texts)
        return _columns(self.sheet, row, Match(columns=dict(self.columns)))

    def _is_example(self, row: SourceRow) -> bool:
        name = row.cell(self.columns[NAME])
        if not isinstance(name, str) or name != Name.example:
            return False
        return "siren" not in self.columns or text_of(row.cell(self.columns["siren"])) == Siren.example


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column of a sheet as the mapping page shows it."""

    index: int
    letter: str
    text: str
    field: str | None
    samples: tuple[str, ...]
    #: Labels of what this column and others claim to be.
    claims: tuple[str, ...] = ()


class MappingNeeded(Exception):  # noqa: N818 - reads as what happened
    """A mandatory column is missing or claimed by several. `reason` is French; the rest fills the mapping page."""

    def __init__(self, sheet: Sheet, *, header_row: int, match: Match, columns: tuple[ColumnGuess, ...]) -> None:
        self.sheet = sheet
        self.header_row = header_row
        self.columns = columns
        self.missing = tuple(LABELS[name] for name in _missing(match))
        self.ambiguous = {
            LABELS[name]: tuple(column_letter(index) for index in indexes) for name, indexes in match.ambiguous.items()
        }
        self.is_header_recognised = match.recognised > 0
        self.reason = french(_reason(self))
        super().__init__(self.reason)


def find_header(sheets: Iterable[Sheet], *, remembered: Mapping[str, str] | None = None) -> Header:
    """The header of the first sheet that has one. `remembered` is a firm's own wording, as `match_header` takes it.

    Raises MappingNeeded for the sheet that comes nearest, SheetRefused where no sheet holds rows.
    """
    nearest: MappingNeeded | None = None
    refused: str | None = None
    for sheet in sheets:
        try:
            header = _header_of(sheet, remembered)
        except SheetRefused as refusal:
            refused = refused or refusal.reason
            continue
        except MappingNeeded as needed:
            if nearest is None or len(_known(needed)) > len(_known(nearest)):
                nearest = needed
            continue
        if header:
            return header
    if nearest and (nearest.is_header_recognised or not refused):
        raise nearest
    raise SheetRefused(refused or NO_ROWS)


def header_from_mapping(sheet: Sheet, *, header_row: int, columns: Mapping[str, int]) -> Header:
    """The header that a person chose: field → column index. 0 as row: the sheet has data from its first row on.

    Raises ValueError, in French, where the name or every number that holds a SIREN is left out.
    """
    ordered = sorted(columns.items(), key=lambda item: item[1])
    chosen = {name: index for name, index in ordered if name in BY_FIELD}
    match = Match(columns=chosen)
    if missing := _missing(match):
        raise ValueError(french(f"Indiquez la colonne : {', '.join(LABELS[name] for name in missing)}."))
    row = next((row for row in sheet.rows() if row.number == header_row), SourceRow(header_row, ()))
    return Header(sheet, header_row, chosen, _texts(row), (row.cells,)) if header_row else Header(sheet, 0, chosen, ())


def _header_of(sheet: Sheet, remembered: Mapping[str, str] | None) -> Header | None:
    best: tuple[int, SourceRow, Match] | None = None
    lines: deque[Sequence[Cell]] = deque(maxlen=PRINTED_ABOVE)
    for above, row in pairwise(chain([_NO_ROW], sheet.rows())):
        lines.append(row.cells)
        if not remembered and not may_be_header(row.cells):
            continue
        match = match_header(row.cells, remembered=remembered)
        header = row
        if above.number == row.number - 1:
            # « Raison » over « sociale », or half of the columns named one line higher.
            joined = SourceRow(row.number, join_lines(above.cells, row.cells))
            both = match_header(joined.cells, remembered=remembered)
            if both.is_complete and both.recognised > match.recognised:
                header, match = joined, both
        if "siren" in match.columns and not _holds_sirens(sheet, header, match.columns["siren"]):
            del match.columns["siren"]
        if match.is_complete:
            return Header(sheet, row.number, match.columns, _texts(header), tuple(lines))
        if match.recognised > (best[0] if best else 0):
            best = (match.recognised, row, match)
    if best is None:
        guessed = _guessed(sheet)
        if guessed is None:
            return None
        best = (0, guessed, Match())
    _, row, match = best
    raise MappingNeeded(sheet, header_row=row.number, match=match, columns=_columns(sheet, row, match))


def _holds_sirens(sheet: Sheet, header: SourceRow, index: int) -> bool:
    """A column that is only called « Identifiant » is taken for the SIREN where it holds one: it may be a code."""
    if "siren" in recognised_in([header.cell(index)]):
        return True
    below = islice((row for row in sheet.rows() if row.number > header.number), PROVEN_AMONG)
    return any(Siren().clean(row.cell(index)).value for row in below)


def _guessed(sheet: Sheet) -> SourceRow | None:
    """The first row of several texts, or a row numbered 0 over a sheet that starts with a client."""
    first: SourceRow | None = None
    for row in islice(sheet.rows(), GUESSED_AMONG):
        first = first or row
        if any(Siren().clean(cell).value for cell in row.cells):
            return SourceRow(0, ())
        if sum(isinstance(cell, str) for cell in row.cells) > 1:
            return row
    return first


def _columns(sheet: Sheet, header: SourceRow, match: Match) -> tuple[ColumnGuess, ...]:
    below = list(islice((row for row in sheet.rows() if row.number > header.number), SAMPLE_ROWS))
    texts, named = _texts(header), {index: name for name, index in match.columns.items()}
    width = max((len(texts), *(len(row.cells) for row in below)))
    return tuple(
        ColumnGuess(
            index=index,
            letter=column_letter(index),
            text=texts[index] if index < len(texts) else "",
            field=named.get(index),
            samples=tuple(text_of(row.cell(index)) for row in below),
            claims=tuple(LABELS[name] for name, indexes in match.ambiguous.items() if index in indexes),
        )
        for index in range(width)
    )


def _texts(row: SourceRow) -> tuple[str, ...]:
    return tuple(text_of(cell) for cell in row.cells)


def _known(needed: MappingNeeded) -> Sequence[str]:
    return [guess.field for guess in needed.columns if guess.field] + list(needed.ambiguous)


def _missing(match: Match) -> list[str]:
    found = {*match.columns, *match.ambiguous}
    missing = [] if NAME in found else [NAME]
    return missing if found.intersection(SIREN_HOLDERS) else [*missing, SIREN_HOLDERS[0]]


def _reason(needed: MappingNeeded) -> str:
    if not needed.is_header_recognised:
        return "Aucune ligne d'en-tête reconnue : il faut au moins « Raison sociale » et « SIREN »."
    parts = [f"la colonne « {label} » est introuvable" for label in needed.missing]
    parts += [f"« {label} » est dans plusieurs colonnes ({', '.join(at)})" for label, at in needed.ambiguous.items()]
    return f"L'en-tête de la ligne {needed.header_row} est incomplet : {' ; '.join(parts)}."
