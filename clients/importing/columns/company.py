"""The columns that say which company: its name and its legal numbers."""

from clients.importing.cells import Cell, text_of
from clients.importing.columns.base import BLANK, Cleaned, Column, FreeText
from common import identifiers
from common.identifiers import SIREN_LENGTH, SIRET_LENGTH, IdentifierError

_VAT_DIGITS = 11
_VAT_LENGTH = 13


class Name(FreeText):
    field = "name"
    label = "Raison sociale"
    synonyms = (
        "Raison social", "Raison sociale du client", "Dénomination", "Dénomination sociale", "Nom de l'entreprise",
        "Nom entreprise", "Nom de la société", "Nom société", "Nom du client", "Nom client", "Nom ou raison sociale",
        "Raison sociale ou nom", "Nom / Raison sociale", "Société", "Entreprise", "Nom commercial", "RS",
        "Nom du dossier", "Nom dossier", "Intitulé du dossier", "Company", "Company name", "Legal name",
        "Désignation sociale", "Nom de l'établissement", "Nom de l'entité", "Libellé dossier", "Libellé client",
        "Intitulé client", "Intitulé dossier", "Intitulé du compte", "Désignation client",
    )  # fmt: skip
    vague = (
        "Nom", "Nom prénom", "Prénom nom", "Nom complet", "Client", "Intitulé", "Libellé", "Désignation", "Name",
        "Dossier", "Tiers", "Entité", "Établissement", "Enseigne",
    )  # fmt: skip
    help = "Obligatoire. Nom légal de l'entreprise."
    max_length = 200
    example = "EXEMPLE Boulangerie du Port"
    width = 34


class Siren(Column):
    """Takes a SIRET or a French VAT number too: both hold the SIREN."""

    field = "siren"
    label = "SIREN"
    synonyms = (
        "N° SIREN", "Numéro SIREN", "Numéro de SIREN", "Code SIREN", "SIREN / SIRET", "SIREN ou SIRET",
        "SIRET / SIREN", "SIRET ou SIREN", "Identifiant SIREN", "Siren number", "N° d'identification", "RCS", "N° RCS",
    )  # fmt: skip
    vague = ("Identifiant", "Immatriculation")
    help = "Obligatoire. 9 chiffres ; un SIRET ou un n° de TVA français convient aussi."
    example = "123456782"
    width = 14

    def at_once(self, cell: Cell) -> str | None:
        text = str(cell) if type(cell) is int else cell
        return text if type(text) is str and identifiers.is_siren(text) else None

    def clean(self, cell: Cell) -> Cleaned:
        try:
            digits = identifiers.bare_digits(cell)
            if not digits:
                return BLANK
            return self._clean_number(digits)
        except IdentifierError as error:
            return self.wrong(str(error))

    def _clean_number(self, digits: str) -> Cleaned:
        if not digits.isdecimal():
            return self._clean_vat(digits)
        if len(digits) <= SIREN_LENGTH:
            return _restored(digits, SIREN_LENGTH, self.label) or Cleaned(identifiers.clean_siren(digits))
        if len(digits) == _VAT_DIGITS and identifiers.vat_key_matches(f"FR{digits}"):
            return self._clean_vat(digits)
        siret = identifiers.restore_zeros(digits, SIRET_LENGTH)
        if not identifiers.is_siret(siret):
            siret = identifiers.clean_siret(digits) if len(digits) == SIRET_LENGTH else identifiers.clean_siren(digits)
        return Cleaned(siret[:SIREN_LENGTH], also={"siret": siret})

    def _clean_vat(self, text: str) -> Cleaned:
        try:
            vat = identifiers.clean_vat(text)
            siren = identifiers.siren_within_vat(vat)
        except IdentifierError:
            siren = None
        if siren is None:
            return self.wrong(f"SIREN invalide : « {shortened(text)} » n'est pas un numéro de 9 chiffres.")
        return Cleaned(siren, also={"vat_number": vat})


class Siret(Column):
    """A SIREN typed here is taken as the SIREN."""

    field = "siret"
    label = "SIRET"
    synonyms = (
        "N° SIRET", "Numéro SIRET", "Numéro de SIRET", "Code SIRET", "SIRET siège", "SIRET du siège",
        "SIRET principal", "Siret number", "SIRET établissement", "Identifiant SIRET",
        "SIRET de l'établissement principal",
    )  # fmt: skip
    help = "14 chiffres. Le SIREN en est déduit s'il manque."
    example = "12345678200010"
    width = 18

    def at_once(self, cell: Cell) -> str | None:
        text = str(cell) if type(cell) is int else cell
        return text if type(text) is str and identifiers.is_siret(text) else None

    def clean(self, cell: Cell) -> Cleaned:
        try:
            digits = identifiers.bare_digits(cell)
            if not digits:
                return BLANK
            if digits.isdecimal() and len(digits) == SIREN_LENGTH:
                siren = identifiers.clean_siren(digits)
                return Cleaned(None, warnings=("SIRET incomplet : seul le SIREN est gardé.",), also={"siren": siren})
            return _restored(digits, SIRET_LENGTH, self.label) or Cleaned(identifiers.clean_siret(digits))
        except IdentifierError as error:
            return self.wrong(str(error))


class Vat(Column):
    """Its key, and the SIREN that it holds, are looked at with the rest of the row: see `row.py`."""

    field = "vat_number"
    label = "TVA"
    synonyms = (
        "N° TVA", "N° de TVA", "Numéro TVA", "Numéro de TVA", "TVA intracommunautaire", "TVA intracom", "TVA intra",
        "N° TVA intracommunautaire", "Numéro de TVA intracommunautaire", "N° TVA intra", "N° TVA intracom",
        "Identifiant TVA", "Code TVA", "VAT", "VAT number", "VAT ID", "N° d'identification TVA", "TVA UE",
        "N° intracommunautaire", "N° intracom", "Identifiant intracommunautaire", "TVA CEE", "N° identifiant TVA",
        "NIF", "Code NIF", "Identification TVA", "Numéro de TVA intra-communautaire", "TVA intra-communautaire",
    )  # fmt: skip
    max_length = 40
    help = "N° de TVA intracommunautaire, par exemple FR32123456782."
    example = "FR32123456782"
    width = 18

    def at_once(self, cell: Cell) -> str | None:
        if type(cell) is str and len(cell) == _VAT_LENGTH and cell.startswith("FR"):
            return cell if cell.isascii() and cell[2:].isdecimal() else None
        return None

    def read(self, cell: Cell) -> str:
        text = text_of(cell)
        if text.startswith("FR"):
            return text
        try:
            digits = identifiers.bare_digits(cell)
        except IdentifierError:
            return text
        return digits if identifiers.is_siren(digits) else identifiers.restore_zeros(digits, _VAT_DIGITS)

    def clean_text(self, text: str) -> Cleaned:
        try:
            if identifiers.is_siren(text):
                warning = "N° de TVA sans sa clé : seul le SIREN est gardé."
                return Cleaned(None, warnings=(warning,), also={"siren": text})
            return Cleaned(identifiers.clean_vat(text))
        except IdentifierError as error:
            return self.wrong(str(error))


def shortened(text: str, *, length: int = 60) -> str:
    """A person's own words, short enough to be quoted in a sentence."""
    return text if len(text) <= length else f"{text[:length]}…"


def _restored(digits: str, length: int, label: str) -> Cleaned | None:
    """A number that has lost zeros at its left, where its key proves it; None for any other."""
    number = identifiers.restore_zeros(digits, length)
    if number == digits or not (identifiers.is_siren(number) or identifiers.is_siret(number)):
        return None
    return Cleaned(number, warnings=(f"{label} : zéros perdus à gauche rétablis ({number}).",))
