"""What the columns of a client sheet have in common."""

from collections.abc import Mapping
from typing import ClassVar, Final, NamedTuple
from unicodedata import is_normalized

from clients.importing.cells import Cell, text_of

# A cleaned cell: text, or the list of e-mail addresses of the one column that holds several.
Value = str | tuple[str, ...]

NOTHING_ELSE: Final[Mapping[str, str]] = {}


class Cleaned(NamedTuple):
    """What a cell says: a value (None where blank or wrong), why it is wrong, what is doubtful.

    `also` are values of other columns found on the way (the SIRET in a SIREN cell); those columns' own cells go first.
    """

    value: Value | None
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    also: Mapping[str, str] = NOTHING_ELSE


BLANK: Final = Cleaned(None)


class Column:
    """One column: `field` is its name on a client file, `label` on screen and in the template.

    `synonyms` name this column and no other; `vague` ones only where no other column claims them.
    """

    field: ClassVar[str]
    label: ClassVar[str]
    synonyms: ClassVar[tuple[str, ...]] = ()
    vague: ClassVar[tuple[str, ...]] = ()
    max_length: ClassVar[int] = 255
    help: ClassVar[str] = ""
    example: ClassVar[str] = ""
    width: ClassVar[int] = 18
    #: Whether many rows of a sheet say the same.
    repeats: ClassVar[bool] = False

    def at_once(self, cell: Cell) -> Value | None:  # noqa: ARG002 - what a column without a quick way ignores
        """The value of a cell that needs no judging, nearly all cells of a large sheet; None sends it to `clean`.

        It may say None of any cell, but never a value that `clean` would not keep without a word.
        """
        return None

    def clean(self, cell: Cell) -> Cleaned:
        text = self.read(cell)
        if not text:
            return BLANK
        if len(text) > self.max_length:
            return Cleaned(None, (f"{self.label} : {len(text)} caractères, pour {self.max_length} au plus.",))
        return self.clean_text(text)

    def read(self, cell: Cell) -> str:
        return text_of(cell)

    def clean_text(self, text: str) -> Cleaned:
        """Judges a text that is not blank."""
        return Cleaned(text)

    def wrong(self, reason: str) -> Cleaned:
        return Cleaned(None, (reason,))


class FreeText(Column):
    """A column that takes any text."""

    def at_once(self, cell: Cell) -> Value | None:
        """A text that `text_of` would give back as it is."""
        if (
            type(cell) is str
            and cell.isprintable()
            and 0 < len(cell) <= self.max_length
            and cell[0] not in " '"
            and cell[-1] != " "
            and "  " not in cell
            and "_x" not in cell
            and (cell.isascii() or is_normalized("NFC", cell))
        ):
            return cell
        return None
