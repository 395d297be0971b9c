"""Which column a header cell names: accents, case, punctuation, small words and order of columns do not matter."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Final

from clients.importing.cells import Cell
from clients.importing.columns.registry import BY_FIELD, NAME, SHEET_COLUMNS, SIREN_HOLDERS
from common.folding import fold, tidy

LONGEST_HEADER: Final = 80

REMEMBERED, LABEL, SYNONYM, QUALIFIED, VAGUE = 5, 4, 3, 2, 1

_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^]]*\]")
_NOT_WORDS: Final = re.compile(r"[^a-z0-9]+")
_NUMBERING: Final = re.compile(r"\b(?:n°|(?:n\s*o|nr|numero|num)\b)")
_NUMBER: Final = "no"
_SMALL: Final = frozenset(
    {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "un", "une"}
    | {"obligatoire", "facultatif", "optionnel"},
)
# Words that say whose column it is, which here is always the client.
_QUALIFIERS: Final = frozenset(
    {
        "client",
        "cliente",
        "clients",
        "entreprise",
        "societe",
        "etablissement",
        "principal",
        "principale",
        "siege",
        "tiers",
    },
)


@dataclass(slots=True)
class Match:
    """What a row says when read as a header: one column index per field, and the fields that several claim."""

    columns: dict[str, int] = field(default_factory=dict)
    ambiguous: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return not self.ambiguous and NAME in self.columns and any(holder in self.columns for holder in SIREN_HOLDERS)

    @property
    def recognised(self) -> int:
        return len(self.columns) + len(self.ambiguous)


def match_header(cells: Sequence[Cell], *, remembered: Mapping[str, str] | None = None) -> Match:
    """Reads a row as a header. `remembered` is a firm's own wording: header key → field, "" for « ignore it »."""
    claims = _claims(cells, remembered or {})
    match = Match()
    _settle(match, claims, above=VAGUE)
    _settle(match, _vague_claims(match, claims), above=0)
    match.columns = dict(sorted(match.columns.items(), key=lambda item: item[1]))
    return match


def recognised_in(cells: Sequence[Cell]) -> frozenset[str]:
    """The fields that a row names without doubt; fast enough for every row of a large sheet."""
    found = set()
    for cell in cells:
        if isinstance(cell, str) and len(cell) <= LONGEST_HEADER:
            found |= {name for name, strength in _meanings(cell) if strength > VAGUE}
    return frozenset(found)


def may_be_header(cells: Sequence[Cell]) -> bool:
    """Whether a row names at least one column. Most rows of data do not, which this says without building anything."""
    return any(isinstance(cell, str) and len(cell) <= LONGEST_HEADER and _meanings(cell) for cell in cells)


def join_lines(above: Sequence[Cell], below: Sequence[Cell]) -> list[Cell]:
    """One header out of two lines: both words where together they name a column, else the one that does."""
    return [_joined(*cells) for cells in zip_longest(above, below)]


def _joined(above: Cell, below: Cell) -> Cell:
    if not (isinstance(above, str) and isinstance(below, str)):
        return below if above is None else above
    both = f"{above} {below}"
    return next((text for text in (both, below, above) if may_be_header([text])), both)


def header_key(text: str) -> str:
    """The form under which a firm's wording is remembered: what is left when nothing but the words counts."""
    return "".join(_words(text))


def _claims(cells: Sequence[Cell], remembered: Mapping[str, str]) -> list[tuple[int, str, int]]:
    claims = []
    for index, cell in enumerate(cells):
        if not isinstance(cell, str) or len(cell) > LONGEST_HEADER:
            continue
        own = remembered.get(header_key(cell)) if remembered else None
        meanings = _meanings(cell) if own is None else _remembered_meaning(own)
        claims += [(index, name, strength) for name, strength in meanings]
    return claims


def _remembered_meaning(name: str) -> tuple[tuple[str, int], ...]:
    return ((name, REMEMBERED),) if name in BY_FIELD else ()


def _settle(match: Match, claims: list[tuple[int, str, int]], *, above: int) -> None:
    """Gives each field its strongest claimant; a tie is ambiguous where it matters, else the first wins."""
    for column in SHEET_COLUMNS:
        if column.field in match.columns or column.field in match.ambiguous:
            continue
        own = [(strength, index) for index, name, strength in claims if name == column.field and strength > above]
        strongest = max(own, default=(0, 0))[0]
        best = tuple(index for strength, index in own if strength == strongest)
        if len(best) > 1 and column.field in (NAME, *SIREN_HOLDERS):
            match.ambiguous[column.field] = best
        elif best:
            match.columns[column.field] = best[0]


def _vague_claims(match: Match, claims: list[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """« Nom » is the contact's beside a company's name, the company's where no first name stands beside it.

    With a first name and no company name it may be either: both fields claim it, and the name is left to be asked for.
    """
    taken = {*match.columns.values(), *(index for indexes in match.ambiguous.values() for index in indexes)}
    left = [claim for claim in claims if claim[0] not in taken and claim[2] == VAGUE]
    has_first_name = "contact_first_name" in match.columns
    if NAME in match.columns or NAME in match.ambiguous:
        return [claim for claim in left if claim[1] != NAME]
    people = {index for index, name, _ in left if name == "contact_last_name"}
    if has_first_name:
        return [claim for claim in left if not (claim[1] == NAME and claim[0] in people)]
    return [claim for claim in left if claim[1] != "contact_last_name"]


@lru_cache(maxsize=16_384)
def _meanings(text: str) -> tuple[tuple[str, int], ...]:
    """(field, strength) for each column that the text may name."""
    words = _words(text)
    if not words:
        return ()
    found = _dictionary().get("".join(words))
    if found:
        return found
    unnumbered = [word for word in words if word != _NUMBER]
    found = _dictionary().get("".join(unnumbered))
    if found:
        return found
    found = _dictionary().get("".join(word for word in unnumbered if word not in _QUALIFIERS), ())
    return tuple((name, QUALIFIED) for name, strength in found if strength > VAGUE)


@cache
def _dictionary() -> dict[str, tuple[tuple[str, int], ...]]:
    """Joined words → (field, strength), strongest first."""
    found: dict[str, dict[str, int]] = {}
    for column in SHEET_COLUMNS:
        spellings = [(column.label, LABEL), (f"N° {column.label}", LABEL), (column.field, SYNONYM)]
        spellings += [(synonym, SYNONYM) for synonym in column.synonyms]
        spellings += [(vague, VAGUE) for vague in column.vague]
        for spelling, strength in spellings:
            known = found.setdefault("".join(_words(spelling)), {})
            known[column.field] = max(strength, known.get(column.field, 0))
    return {key: tuple(known.items()) for key, known in found.items()}


def _words(text: str) -> list[str]:
    folded = _ASIDE.sub(" ", fold(tidy(text))).replace("_", " ")
    folded = _NUMBERING.sub(f" {_NUMBER} ", folded)
    return [word for word in _NOT_WORDS.split(folded) if word and word not in _SMALL]
