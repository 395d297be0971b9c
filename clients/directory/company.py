"""One company out of the directory's answer (https://recherche-entreprises.api.gouv.fr/docs), as a client file is."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from clients.importing.columns.place import country_code
from common.folding import tidy
from common.identifiers import FRANCE, SIREN_LENGTH, SIRET_LENGTH, known_vat

#: What stands in place of a value that its person does not want spread.
_MASK: Final = "[NON-DIFFUSIBLE]"
#: « 15 AVENUE DES ECOLES 06110 LE CANNET »: what stands before the last five digits.
_STREET: Final = re.compile(r"(?P<street>.*\s)?\d{5}\s\S.*")


@dataclass(frozen=True)
class Company:
    """A value that the directory does not give, or hides, is ""."""

    siren: str
    #: The office that was asked for by its SIRET, else the head office; the address is that office's.
    siret: str
    name: str
    street: str
    postal_code: str
    city: str
    #: ISO 3166-1 alpha-2.
    country: str
    #: The day its activity ended.
    ceased_on: date | None
    #: Whether name and address may be shown: a person may have asked that they are not.
    is_diffusible: bool

    @property
    def vat_number(self) -> str:
        return known_vat(self.siren, country=self.country)


def companies_in(document: object, *, number: str = "") -> list[Company]:
    """
    The companies of an answer; of a `number` (SIREN or SIRET) that was asked for, its own alone.

    Raises ValueError for what is no such answer.
    """
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, list):
        raise ValueError("no results")  # noqa: TRY004 - what was received is wrong, not its type in our code
    return list(_read_all(results, number))


def _read_all(results: list[Any], number: str) -> Iterator[Company]:
    for result in results:
        if isinstance(result, dict) and _digits(result.get("siren"), SIREN_LENGTH):
            office = _office(result, number)
            if result["siren"] == number[:SIREN_LENGTH] or not number:
                yield _read(result, office)


def _office(result: Mapping[str, Any], number: str) -> Mapping[str, Any]:
    head, matching = result.get("siege"), result.get("matching_etablissements")
    offices = [head, *matching] if isinstance(matching, list) else [head]
    known = [office for office in offices if isinstance(office, dict)]
    if len(number) == SIRET_LENGTH:
        known = [office for office in known if office.get("siret") == number]
    return known[0] if known else {}


def _read(result: Mapping[str, Any], office: Mapping[str, Any]) -> Company:
    street = _STREET.fullmatch(_text(office, "adresse", 400))
    return Company(
        siren=result["siren"],
        siret=_digits(office.get("siret"), SIRET_LENGTH),
        name=_text(result, "nom_raison_sociale", 200) or _text(result, "nom_complet", 200),
        street=(street["street"] or "").strip()[:200] if street else "",
        postal_code=_text(office, "code_postal", 12),
        city=_text(office, "libelle_commune", 100),
        country=_country(office),
        ceased_on=_ceased_on(result, office),
        is_diffusible=result.get("statut_diffusion") != "P",
    )


def _country(office: Mapping[str, Any]) -> str:
    abroad = _text(office, "libelle_pays_etranger", 100)
    return (country_code(abroad) or "") if abroad else FRANCE


def _ceased_on(result: Mapping[str, Any], office: Mapping[str, Any]) -> date | None:
    """The day the register gives, else that of the last change it noted: older closures have no date."""
    if result.get("etat_administratif") != "C":
        return None
    for told in (result.get("date_fermeture"), office.get("date_fermeture"), result.get("date_mise_a_jour_insee")):
        with suppress(ValueError):
            return date.fromisoformat(str(told)[:10])
    return None


def _text(values: Mapping[str, Any], name: str, longest: int) -> str:
    value = values.get(name)
    return "" if not isinstance(value, str) or _MASK in value else tidy(value)[:longest].strip()


def _digits(value: object, length: int) -> str:
    """`value` where it is that many digits, else ""."""
    right = isinstance(value, str) and len(value) == length and value.isascii() and value.isdecimal()
    return str(value) if right else ""
