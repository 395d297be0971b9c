"""Whom to write to at the company, and who looks after it at the firm."""

import re
from functools import lru_cache
from typing import Final

from clients.importing.cells import Cell
from clients.importing.columns.base import Cleaned, Column, FreeText, Value
from clients.importing.columns.company import shortened
from clients.importing.columns.emails import EmailError, clean_email, is_plain_email, suggestion
from common.identifiers import RoundedNumberError, bare_digits

_BETWEEN: Final = re.compile(r"[;,\s]+|\bet\b")
_BETWEEN_ADDRESSES: Final = re.compile(r"\s*[;,|/]\s*|\s+(?=[^\s<>]+@)|\s+ou\s+|\s+et\s+")
_FRENCH_PHONE: Final = re.compile(r"0?([1-9])(\d\d)(\d\d)(\d\d)(\d\d)")
_PHONE: Final = re.compile(r"[+(]?\d[\d\s().+/-]*")
_WITH_COUNTRY: Final = re.compile(r"\+\d{2,3}(?: \d{1,4}){4,6}")
_SHOWN_PHONE: Final = 14
_PHONE_DIGITS: Final = 10
_FEWEST_PHONE_DIGITS: Final = 6

# Words of a header: whose, and what.
_PERSONS: Final = ("contact", "interlocuteur", "dirigeant", "gérant", "responsable", "correspondant")
# « Responsable » alone is as often the member of the firm who looks after the file: a person says which.
_ALONE: Final = tuple(person for person in _PERSONS if person != "responsable")
_WHOSE: Final = ("facturation", "comptabilité", "principal", "pro", "professionnel", "1")
_MAILS: Final = (
    "E-mail", "Mail", "Mél", "Courriel", "Adresse e-mail", "Adresse mail", "Adresse mél", "Adresse courriel",
    "Adresse électronique",
)  # fmt: skip
_PHONES: Final = (
    "Tél", "Téléphone", "N° de téléphone", "N° tél", "Portable", "Mobile", "Téléphone portable", "Téléphone mobile",
    "Tél portable", "Tél mobile", "N° portable", "GSM",
)  # fmt: skip
_MEMBERS: Final = (
    "Collaborateur", "Collaborateurs", "Collaborateur comptable", "Collaborateur principal", "Gestionnaire",
    "Gestionnaire du dossier", "Chargé de dossier", "Responsable de dossier", "Chef de mission", "Chef de groupe",
    "Responsable de mission", "Responsable comptable", "Chargé de mission",
)  # fmt: skip


class ContactLastName(FreeText):
    field = "contact_last_name"
    label = "Nom du contact"
    synonyms = (
        *(f"Nom {person}" for person in _PERSONS), *(f"{person} nom" for person in _PERSONS), *_ALONE,
        "Nom de famille", "Last name", "Surname", "Représentant légal", "Nom du représentant légal",
        "Personne à contacter", "Personne de contact", "Nom et prénom du contact", "Nom et prénom du dirigeant",
        "Nom prénom contact", "Nom prénom dirigeant", "Contact principal", "Interlocuteur principal",
    )  # fmt: skip
    vague = ("Nom", "Nom prénom", "Prénom nom")
    max_length = 100
    repeats = True
    example = "Ferrand"


class ContactFirstName(FreeText):
    field = "contact_first_name"
    label = "Prénom du contact"
    synonyms = (
        "Prénom", "Prénoms", "First name", "Prénom du représentant légal",
        *(f"Prénom {person}" for person in _PERSONS), *(f"{person} prénom" for person in _PERSONS),
    )  # fmt: skip
    max_length = 100
    repeats = True
    example = "Julie"


class ContactEmail(Column):
    field = "contact_email"
    label = "E-mail du contact"
    synonyms = (
        *_MAILS, *(f"{mail} {whose}" for mail in _MAILS for whose in (*_PERSONS, *_WHOSE)),
        *(f"{person} {mail}" for mail in _MAILS for person in _PERSONS), "Email address",
    )  # fmt: skip
    max_length = 400
    example = "julie.ferrand@exemple.fr"
    width = 30

    def at_once(self, cell: Cell) -> str | None:
        return cell if type(cell) is str and "_x" not in cell and is_plain_email(cell) else None

    def clean_text(self, text: str) -> Cleaned:
        try:
            return _doubted(clean_email(text))
        except EmailError as error:
            first, *others = [part for part in _BETWEEN_ADDRESSES.split(text) if "@" in part] or [text]
            if not others:
                return self.wrong(f"{self.label} « {shortened(text)} » : {error}")
        try:
            email = clean_email(first)
        except EmailError as error:
            return self.wrong(f"{self.label} « {shortened(first)} » : {error}")
        return Cleaned(email, warnings=(f"{self.label} : plusieurs adresses, seule {email} est gardée.",))


class Phone(Column):
    field = "contact_phone"
    label = "Téléphone"
    synonyms = (
        *_PHONES, *(f"{phone} {whose}" for phone in _PHONES for whose in (*_PERSONS, *_WHOSE, "fixe")),
        *(f"{person} {phone}" for phone in _PHONES for person in _PERSONS), "Fixe", "Phone", "Phone number",
    )  # fmt: skip
    max_length = 40
    example = "04 91 00 00 00"
    width = 18

    def at_once(self, cell: Cell) -> str | None:
        """As the French write it, 04 91 00 00 00, or with the country: +33 4 91 00 00 00."""
        if type(cell) is not str or not cell.isascii():
            return None
        if len(cell) == _SHOWN_PHONE and cell[2::3] == "    ":
            digits = cell.replace(" ", "")
            return cell if len(digits) == _PHONE_DIGITS and digits.isdecimal() and "00" < digits[:2] < "10" else None
        return cell if _WITH_COUNTRY.fullmatch(cell) else None

    def clean(self, cell: Cell) -> Cleaned:
        """A French number whose zero a spreadsheet has dropped gets it back."""
        try:
            digits = bare_digits(cell)
        except RoundedNumberError:
            return super().clean(cell)
        if match := _FRENCH_PHONE.fullmatch(digits):
            return Cleaned(f"0{match[1]} {match[2]} {match[3]} {match[4]} {match[5]}")
        return super().clean(cell)

    def clean_text(self, text: str) -> Cleaned:
        if _PHONE.fullmatch(text) and sum(map(str.isdecimal, text)) >= _FEWEST_PHONE_DIGITS:
            return Cleaned(text)
        return Cleaned(text, warnings=(f"{self.label} « {shortened(text)} » : gardé tel quel, à vérifier.",))


class Code(FreeText):
    field = "code"
    label = "Code dossier"
    synonyms = (
        "Code", "Code client", "Code interne", "Code tiers", "Code auxiliaire", "Code abrégé", "Dossier n°",
        "N° dossier", "Numéro de dossier", "N° client", "N° tiers", "Identifiant dossier", "Identifiant client",
        "Identifiant interne", "Identifiant externe", "ID externe", "ID client", "Compte client", "Compte tiers",
        "Compte auxiliaire", "Matricule", "Mnémonique", "Abrégé", "Référence", "Référence interne", "Ref",
        "Réf dossier", "Référence dossier", "Référence client", "Réf client", "Réf interne",
    )  # fmt: skip
    max_length = 40
    help = "Le code du client dans votre logiciel de production."
    example = "BOUL01"
    width = 14


class Collaborators(FreeText):
    """One or several e-mail addresses. The plan knows which are the firm's."""

    field = "collaborators"
    label = "Collaborateurs affectés (e-mails)"
    synonyms = (
        "Collaborateurs affectés", "Collaborateur affecté", "Affectations", "Affectation", "Affecté à",
        *(f"{mail} {member}" for mail in (*_MAILS, "E-mails", "Mails") for member in _MEMBERS),
        *(f"{member} {mail}" for mail in (*_MAILS, "E-mails", "Mails") for member in _MEMBERS),
    )  # fmt: skip
    # Most programs write names or initials under these.
    vague = _MEMBERS
    max_length = 4000
    help = "Un ou plusieurs e-mails, séparés par une virgule, un point-virgule ou un retour à la ligne."
    example = "marie.durand@cabinet.exemple"
    width = 34

    def at_once(self, cell: Cell) -> Value | None:
        text = super().at_once(cell)
        if not isinstance(text, str):
            return None
        cleaned = _addresses(text)
        return None if cleaned.warnings else cleaned.value

    def clean_text(self, text: str) -> Cleaned:
        return _addresses(text)


@lru_cache(maxsize=4096)
def _addresses(text: str) -> Cleaned:
    """The same few people look after all the clients.

    Most programs write their names or initials: these assign nobody, and are no reason to refuse the client.
    """
    if "@" not in text and not _BETWEEN.fullmatch(text):
        return Cleaned(None, warnings=(f"Collaborateur « {shortened(text)} » : ce n'est pas un e-mail, non affecté.",))
    addresses: dict[str, None] = {}
    reasons = []
    for part in filter(None, _BETWEEN.split(text)):
        try:
            addresses[clean_email(part)] = None
        except EmailError as error:
            reasons.append(f"Collaborateur « {shortened(part)} » : {error}")
    return Cleaned(None if reasons else tuple(addresses), tuple(reasons))


def _doubted(email: str) -> Cleaned:
    meant = suggestion(email)
    return Cleaned(email, warnings=(f"E-mail {email} : vouliez-vous dire {meant} ?",)) if meant else Cleaned(email)
