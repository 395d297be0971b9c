"""The columns of a client sheet, in the order of the template."""

from typing import Final

from clients.importing.columns.bank import Bic, Iban
from clients.importing.columns.base import Column
from clients.importing.columns.company import Name, Siren, Siret, Vat
from clients.importing.columns.people import Code, Collaborators, ContactEmail, ContactFirstName, ContactLastName, Phone
from clients.importing.columns.place import Address, City, Country, Language, PostalCode

COLUMNS: Final[tuple[Column, ...]] = (
    Name(),
    Address(),
    PostalCode(),
    City(),
    Country(),
    Siren(),
    Siret(),
    Vat(),
    Iban(),
    Bic(),
    Language(),
    ContactLastName(),
    ContactFirstName(),
    ContactEmail(),
    Phone(),
    Code(),
    Collaborators(),
)
BY_FIELD: Final = {column.field: column for column in COLUMNS}
LABELS: Final = {column.field: column.label for column in COLUMNS}

# A header must have the name, and one of those that hold a SIREN.
NAME: Final = "name"
SIREN_HOLDERS: Final = ("siren", "siret", "vat_number")
EXAMPLE: Final = {column.field: column.example for column in COLUMNS}
