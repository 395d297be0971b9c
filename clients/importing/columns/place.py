"""Where the company is and which language it reads."""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import ClassVar, Final

from clients.importing.cells import Cell, text_of
from clients.importing.columns.base import Cleaned, Column, FreeText
from clients.importing.columns.company import shortened
from common.folding import fold

_DATA: Final = Path(__file__).parent
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_ARTICLE: Final = re.compile(r"^(?:the|les|le|la|l|royaume (?:de|du|d)(?: la| l)?|kingdom of(?: the)?|langue)\s+")
_BETWEEN_NAMES: Final = re.compile(r"[-–/()]")
_LOCALE: Final = re.compile(r"([A-Za-z]{2,3})[-_](?:[A-Za-z]{4}[-_])?(?:[A-Za-z]{2}|\d{3})")


class Address(FreeText):
    field = "street"
    label = "Adresse"
    synonyms: ClassVar[tuple[str, ...]] = (
        "Adresse postale", "Adresse 1", "Adresse ligne 1", "Ligne d'adresse 1", "Ligne 1", "Adresse L1", "Rue", "Voie",
        "N° et voie", "Numéro et rue", "Numéro et voie", "Libellé voie", "Adr", "Adr 1", "Adresse du siège",
        "Adresse siège social", "Adresse complète", "Adresse de facturation", "Adresse rue", "Address", "Address 1",
        "Street",
    )  # fmt: skip
    max_length = 200
    example = "12 quai du Port"
    width = 32

    def read(self, cell: Cell) -> str:
        return text_of(cell, line_break=", ")


class AddressSecond(Address):
    """The rest of an address that a sheet splits: it is joined to the first part, see `row.py`."""

    field = "street_2"
    label = "Complément d'adresse"
    synonyms: ClassVar[tuple[str, ...]] = (
        "Adresse 2", "Adresse ligne 2", "Ligne d'adresse 2", "Ligne 2", "Adresse L2", "Adr 2",
        "Complément adresse", "Complément", "Complément d'adresse 1", "Adresse complémentaire", "Adresse complément",
        "Suite adresse", "Suite de l'adresse", "Cpl adresse", "Compl adresse", "Address 2", "Lieu-dit",
    )  # fmt: skip
    example = ""


class AddressThird(AddressSecond):
    field = "street_3"
    label = "Complément d'adresse 2"
    synonyms = (
        "Adresse 3", "Adresse ligne 3", "Ligne d'adresse 3", "Ligne 3", "Adresse L3", "Adr 3", "Address 3",
    )  # fmt: skip


class PostalCode(FreeText):
    """French ones get their lost zero back with the row's country: see `row.py`."""

    field = "postal_code"
    label = "Code postal"
    synonyms = (
        "CP",
        "C.P.",
        "Code post",
        "Codepostal",
        "Postal code",
        "Postcode",
        "Zip",
        "Zip code",
        "Code postale",
        "CP siège",
        "Code postal du siège",
    )
    max_length = 40
    help = "5 chiffres en France."
    example = "13002"
    width = 12


class City(FreeText):
    field = "city"
    label = "Ville"
    synonyms = (
        "Commune",
        "Localité",
        "City",
        "Town",
        "Bureau distributeur",
        "Ville du siège",
        "Ville / Localité",
        "Ville ou commune",
        "Nom de la commune",
        "Libellé commune",
    )
    max_length = 100
    repeats = True
    example = "Marseille"
    width = 20


class Country(Column):
    """Any usual name in the larger languages, or an ISO 3166-1 code; kept as the two-letter code."""

    field = "country"
    label = "Pays"
    synonyms = ("Code pays", "Country", "Country code", "Pays du siège", "Pays ISO")
    max_length = 120
    help = "Nom ou code du pays. France si la cellule est vide."
    repeats = True
    example = "France"
    width = 16

    def at_once(self, cell: Cell) -> str | None:
        return country_code(cell) if type(cell) is str and len(cell) <= self.max_length else None

    def clean_text(self, text: str) -> Cleaned:
        code = country_code(text)
        return (
            Cleaned(code) if code else self.wrong(f"Pays « {shortened(text)} » inconnu : indiquez son nom ou son code.")
        )


class Language(Column):
    field = "language"
    label = "Langue"
    synonyms = ("Code langue", "Language", "Lang", "Langue du client", "Langue du contact", "Langue de correspondance")
    max_length = 60
    help = "Langue des e-mails. Français si la cellule est vide."
    repeats = True
    example = "français"
    width = 12

    def at_once(self, cell: Cell) -> str | None:
        return language_code(cell) if type(cell) is str and len(cell) <= self.max_length else None

    def clean_text(self, text: str) -> Cleaned:
        code = language_code(text)
        return (
            Cleaned(code)
            if code
            else self.wrong(f"Langue « {shortened(text)} » inconnue : indiquez par exemple français.")
        )


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country named in any usual way; None where it is not known."""
    if code := _country_named(text):
        return code
    # « FR - France », « Belgique (BE) »
    codes = {_country_named(part) for part in _BETWEEN_NAMES.split(text) if part.strip()}
    return codes.pop() if len(codes) == 1 else None


@lru_cache(maxsize=4096)
def language_code(text: str) -> str | None:
    """The ISO 639-1 code of a language named in any usual way, region ignored; None where it is not known."""
    names = _index("languages.csv")
    if match := _LOCALE.fullmatch(text):
        text = match[1]
    key = _ARTICLE.sub("", _key(text))
    return names.get(key) or names.get(key.removesuffix("e"))  # « française »


def _country_named(text: str) -> str | None:
    key = _key(text)
    names = _index("countries.csv")
    numeric = key.zfill(3) if key.isdecimal() else key
    return names.get(numeric) or names.get(_ARTICLE.sub("", key))


@cache
def country_names() -> dict[str, str]:
    """ISO code → French name, in the order of the names."""
    return _names("countries.csv")


@cache
def language_names() -> dict[str, str]:
    return _names("languages.csv")


def _names(file_name: str) -> dict[str, str]:
    names = {row["code"]: row["french"] for row in _rows(file_name)}
    return dict(sorted(names.items(), key=lambda item: fold(item[1])))


@cache
def _index(file_name: str) -> dict[str, str]:
    """Every spelling → code. The two-letter codes come last, so that no name takes their place."""
    rows = _rows(file_name)
    index: dict[str, str] = {}
    for row in rows:
        spellings = [row["french"], row["english"], row.get("numeric") or "", *row["others"].split("|")]
        for spelling in (*spellings, *row["alpha3"].split("|")):
            index.setdefault(_key(spelling), row["code"])
            index.setdefault(_ARTICLE.sub("", _key(spelling)), row["code"])
    index |= {row["code"].lower(): row["code"] for row in rows}
    index.pop("", None)
    return index


def _rows(file_name: str) -> list[dict[str, str]]:
    with (_DATA / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(text: str) -> str:
    return " ".join(_NOT_LETTERS.sub(" ", fold(text)).split())
