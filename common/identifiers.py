"""The numbers that name a French company and its bank account: cleaned, checked and shown.

Each `clean_…` takes what a person typed (spaces, dots and dashes do not matter) and returns the bare number, or raises
IdentifierError with a French sentence for that person. `mend_digits` first undoes what a spreadsheet did to a number.
"""

import math
import re
from typing import Final

from stdnum import bic as _bic
from stdnum import iban as _iban
from stdnum.eu import vat as _eu_vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength, ValidationError
from stdnum.fr import siret as _siret
from stdnum.fr import tva as _tva

from common.folding import tidy
from common.typography import french

#: ISO 3166-1 alpha-2, where no country is said.
FRANCE: Final = "FR"
SIREN_LENGTH: Final = 9
SIRET_LENGTH: Final = 14
# No SIREN in use starts with more zeros; beyond that a short number is a typing error, not a damaged cell.
MOST_LOST_ZEROS: Final = 4
# Excel shows 6 significant digits in scientific notation, other programs as many as it takes.
SIGNIFICANT_DIGITS: Final = 7
RIB_LENGTH: Final = 23
FRENCH_IBAN_LENGTH: Final = 27

_LA_POSTE: Final = "356000000"
_SEPARATORS: Final = str.maketrans("", "", " .-_/'’\u00a0\u2007\u2009\u202f")
# Luhn's weights, from ASCII digits: each as it is, and the sum of the digits of its double.
_PLAIN: Final = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED: Final = bytes.maketrans(b"0123456789", bytes([0, 2, 4, 6, 8, 1, 3, 5, 7, 9]))
_NO_SIREN: Final = "0" * SIREN_LENGTH
_NUMBER: Final = re.compile(r"\d+")
_DECIMAL_ZEROS: Final = re.compile(r"(\d+)[.,]0+")
_SCIENTIFIC: Final = re.compile(r"(\d)(?:[.,](\d*))?[eE]\+?0*(\d{1,2})")
_DATE: Final = re.compile(r"\d{1,4}([/.-])\d{1,2}\1(?:\d{2}|\d{4})")
_FORMULA_TEXT: Final = re.compile(r'="(.*)"')
_VAT: Final = re.compile(r"FR[0-9A-HJ-NP-Z]{2}\d{9}")
_FOREIGN_VAT: Final = re.compile(r"(?!FR)[A-Z]{2}[0-9A-Z+*]{2,13}")


class IdentifierError(ValueError):
    """The number cannot be right. `str()` is a French sentence for the person who typed it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(french(sentence))


class RoundedNumberError(IdentifierError):
    """A spreadsheet has replaced the last digits; only its owner knows them."""


def is_siren(text: str) -> bool:
    """Whether `text` is what `clean_siren` returns: bare digits whose key fits."""
    return _are_digits(text, SIREN_LENGTH) and _luhn(text) and text != _NO_SIREN


def is_siret(text: str) -> bool:
    """As `is_siren`, of what `clean_siret` returns.

    La Poste's offices are checked by the sum of their digits, a multiple of 5, instead of Luhn's key.
    """
    if not _are_digits(text, SIRET_LENGTH):
        return False
    siren = text[:SIREN_LENGTH]
    if siren == _LA_POSTE:
        return bool(_siret.is_valid(text))
    return _luhn(text) and _luhn(siren) and siren != _NO_SIREN


def is_french_iban(text: str) -> bool:
    """The one country whose accounts come by the hundred thousand: the general check takes forty times as long."""
    if len(text) != FRENCH_IBAN_LENGTH or not text.startswith("FR") or not _are_digits(text[2:], len(text) - 2):
        return False
    return int(f"{text[4:]}1527{text[2:4]}") % 97 == 1


def clean_siren(value: str) -> str:
    number = _digits(value, length=SIREN_LENGTH, label="SIREN")
    if not is_siren(number):
        raise IdentifierError("SIREN invalide : la clé de contrôle ne correspond pas, vérifiez les 9 chiffres.")
    return number


def clean_siret(value: str) -> str:
    number = _digits(value, length=SIRET_LENGTH, label="SIRET")
    if not is_siret(number):
        raise IdentifierError("SIRET invalide : la clé de contrôle ne correspond pas, vérifiez les 14 chiffres.")
    return number


def siren_of_siret(siret: str) -> str:
    return clean_siret(siret)[:SIREN_LENGTH]


def vat_of_siren(siren: str) -> str:
    """The VAT number that the tax office derives from a (cleaned) SIREN. Not every company has been given it."""
    return f"FR{(12 + 3 * int(siren)) % 97:02d}{siren}"


def known_vat(siren: str, *, country: str) -> str:
    """What can be known of a company's VAT number: a French one's, else ""."""
    return vat_of_siren(siren) if country == FRANCE else ""


def clean_vat(value: str) -> str:
    """A VAT number with its country code; without one it is taken as French. Its key is `vat_key_matches`' business."""
    if _VAT.fullmatch(value):
        return value
    number = value.translate(_SEPARATORS).upper()
    if number.isascii() and _VAT.fullmatch(f"FR{number}"):
        number = f"FR{number}"
    if not (_VAT.fullmatch(number) or (_FOREIGN_VAT.fullmatch(number) and any(map(str.isdigit, number)))):
        raise IdentifierError("N° de TVA invalide : attendu FR, deux caractères de clé, puis les 9 chiffres du SIREN.")
    return number


def vat_key_matches(vat: str) -> bool:
    """Whether the key of a cleaned VAT number fits. True for a country whose rule is not known here."""
    if vat.startswith("FR"):
        return bool(_tva.is_valid(vat))
    return bool(_eu_vat.is_valid(vat)) if vat[:2].lower() in _eu_vat.MEMBER_STATES else True


def siren_of_vat(vat: str) -> str | None:
    """The SIREN inside a VAT number; None where there is none (another country, Monaco)."""
    return siren_within_vat(clean_vat(vat))


def siren_within_vat(vat: str) -> str | None:
    """As `siren_of_vat`, of a number that `clean_vat` has returned."""
    siren = vat[4:]
    return siren if vat.startswith("FR") and _luhn(siren) and not siren.startswith("000") else None


def clean_iban(value: str) -> str:
    number = value.translate(_SEPARATORS).upper().removeprefix("IBAN").lstrip(":")
    if len(number) == RIB_LENGTH and number[:10].isdigit():
        raise IdentifierError("IBAN invalide : ceci est un RIB, indiquez l'IBAN qui commence par FR.")
    if is_french_iban(number):
        return number
    try:
        # Not the rules of one country's banks: their lists of banks in the library grow old.
        return str(_iban.validate(number, check_country=False))
    except InvalidChecksum:
        raise IdentifierError("IBAN invalide : la clé de contrôle ne correspond pas.") from None
    except InvalidComponent:
        raise IdentifierError("IBAN invalide : le pays (les deux premières lettres) n'est pas connu.") from None
    except ValidationError:
        raise IdentifierError("IBAN invalide : sa longueur ou ses caractères ne conviennent pas à son pays.") from None


def clean_bic(value: str) -> str:
    number = value.translate(_SEPARATORS).upper()
    try:
        return str(_bic.validate(number))
    except InvalidLength:
        raise IdentifierError("BIC invalide : il compte 8 ou 11 caractères.") from None
    except InvalidComponent:
        raise IdentifierError("BIC invalide : le pays (5e et 6e lettres) n'est pas connu.") from None
    except ValidationError:
        raise IdentifierError("BIC invalide : attendu 4 lettres, 2 lettres de pays, 2 ou 5 caractères.") from None


def format_siren(siren: str) -> str:
    """732 829 320, with the narrow no-break spaces that numbers take in French."""
    return "\u202f".join((siren[:3], siren[3:6], siren[6:]))


def format_siret(siret: str) -> str:
    """732 829 320 00074."""
    return f"{format_siren(siret[:SIREN_LENGTH])}\u202f{siret[SIREN_LENGTH:]}"


def mend_digits(cell: object, length: int) -> str:
    """The number of `length` digits that was in a spreadsheet cell before a spreadsheet damaged it.

    Undoes numbers stored as float, scientific notation, lost leading zeros, separators and odd spaces. What is not a
    number comes back as tidied text, for `clean_…` to judge. Raises RoundedNumberError where digits are gone for good.
    """
    return restore_zeros(bare_digits(cell), length)


def restore_zeros(digits: str, length: int) -> str:
    """Leading zeros given back to a number that lost a few; anything else as it is."""
    if length - MOST_LOST_ZEROS <= len(digits) < length and digits.isdecimal():
        return digits.zfill(length)
    return digits


def bare_digits(cell: object) -> str:
    """As `mend_digits`, for a cell that may hold numbers of several lengths: leading zeros are not given back."""
    if type(cell) is int and cell >= 0:
        return str(cell)
    if isinstance(cell, str) and cell.isdecimal() and cell.isascii():
        return cell
    text = _cell_text(cell)
    return text if isinstance(cell, float) or text.startswith("-") else _digits_within(text)


def _digits_within(text: str) -> str:
    spaceless = text.replace(" ", "")
    if match := _DECIMAL_ZEROS.fullmatch(spaceless):
        return match[1]
    compact = text.translate(_SEPARATORS)
    # A date is no number, whatever its digits add up to.
    if compact.isdecimal() and not _DATE.fullmatch(text):
        return compact if compact.isascii() else "".join(str(int(digit)) for digit in compact)
    if match := _SCIENTIFIC.fullmatch(spaceless):
        return _expand(match, shown=text)
    return text


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell.is_integer() else repr(cell)
    text = "" if cell is None else tidy(str(cell))
    if match := _FORMULA_TEXT.fullmatch(text):
        return match[1].strip()
    return text.lstrip("'’")


def _expand(match: re.Match[str], *, shown: str) -> str:
    whole, decimals, exponent = match[1], match[2] or "", int(match[3])
    if len(decimals) < exponent and len(whole + decimals) < SIGNIFICANT_DIGITS:
        raise RoundedNumberError(
            f"Le tableur a arrondi ce nombre ({shown}) : ses derniers chiffres sont perdus, ressaisissez-le en texte.",
        )
    if decimals[exponent:].strip("0"):
        return shown
    return whole + decimals[:exponent].ljust(exponent, "0")


def _are_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isdecimal() and text.isascii()


def _digits(value: str, *, length: int, label: str) -> str:
    if _are_digits(value, length):
        return value
    number = value.translate(_SEPARATORS)
    if not (number.isascii() and _NUMBER.fullmatch(number)):
        raise IdentifierError(f"{label} invalide : {length} chiffres attendus, sans lettre.")
    if len(number) != length:
        raise IdentifierError(f"{label} invalide : {length} chiffres attendus, {len(number)} reçus.")
    return number


def _luhn(number: str) -> bool:
    """As `stdnum.luhn`, which sums over an alphabet of one's choice and takes twenty times as long."""
    digits = number.encode()
    return (sum(digits[::-2].translate(_PLAIN)) + sum(digits[-2::-2].translate(_DOUBLED))) % 10 == 0
