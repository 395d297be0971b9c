"""The company's account."""

from functools import lru_cache

from clients.importing.columns.base import Cleaned, Column
from common import identifiers
from common.identifiers import IdentifierError


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
    )
    vague = ("RIB", "Compte bancaire")
    max_length = 80
    example = "FR7630006000011234567890189"
    width = 32

    def clean_text(self, text: str) -> Cleaned:
        try:
            return Cleaned(identifiers.clean_iban(text))
        except IdentifierError as error:
            return self.wrong(str(error))


class Bic(Column):
    field = "bic"
    label = "BIC"
    synonyms = ("Code BIC", "SWIFT", "Code SWIFT", "BIC / SWIFT", "BIC SWIFT", "SWIFT / BIC")
    max_length = 40
    example = "AGRIFRPP"
    width = 14

    def clean_text(self, text: str) -> Cleaned:
        return _bic(text)


@lru_cache(maxsize=4096)
def _bic(text: str) -> Cleaned:
    """A directory names few banks many times."""
    try:
        return Cleaned(identifiers.clean_bic(text))
    except IdentifierError as error:
        return Cleaned(None, (str(error),))
