"""The company's account."""

from functools import lru_cache
from typing import Final

from clients.importing.cells import Cell
from clients.importing.columns.base import Cleaned, Column, Value
from common import identifiers
from common.identifiers import IdentifierError

_BIC_LENGTHS: Final = (8, 11)


class Iban(Column):
    field = "iban"
    label = "IBAN"
    synonyms = (
        "Code IBAN",
        "N° IBAN",
        "Numéro IBAN",
        "IBAN client",
        "Compte bancaire (IBAN)",
        "RIB / IBAN",
        "IBAN / RIB",
        "Compte IBAN",
    )
    vague = ("RIB", "Compte bancaire", "Coordonnées bancaires")
    max_length = 80
    example = "FR7630006000011234567890189"
    width = 32

    def at_once(self, cell: Cell) -> str | None:
        return cell if type(cell) is str and identifiers.is_french_iban(cell) else None

    def clean_text(self, text: str) -> Cleaned:
        try:
            return Cleaned(identifiers.clean_iban(text))
        except IdentifierError as error:
            return self.wrong(str(error))


class Bic(Column):
    field = "bic"
    label = "BIC"
    synonyms = ("Code BIC", "SWIFT", "Code SWIFT", "BIC / SWIFT", "SWIFT / BIC", "Code BIC / SWIFT")
    max_length = 40
    repeats = True
    example = "AGRIFRPP"
    width = 14

    def at_once(self, cell: Cell) -> Value | None:
        return _bic(cell).value if type(cell) is str and len(cell) in _BIC_LENGTHS else None

    def clean_text(self, text: str) -> Cleaned:
        return _bic(text)


@lru_cache(maxsize=4096)
def _bic(text: str) -> Cleaned:
    """A directory names few banks many times."""
    try:
        return Cleaned(identifiers.clean_bic(text))
    except IdentifierError as error:
        return Cleaned(None, (str(error),))
