"""The columns of a client sheet, in the order of the template."""

from typing import Final

from clients.importing.columns.bank import Bic, Iban
from clients.importing.columns.base import Column
from clients.importing.columns.company import Name, Siren, Siret, Vat
from clients.importing.columns.people import Code, Collaborators, ContactEmail, ContactFirstName, ContactLastName, Phone
from clients.importing.columns.place import Address, AddressSecond, AddressThird, City, Country, Language, PostalCode

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
LABELS: Final = {column.field: column.label for column in COLUMNS}

# What else a sheet may hold: the rest of a value that a client file keeps in one field.
REST_OF_ADDRESS: Final[tuple[Column, ...]] = (AddressSecond(), AddressThird())
SHEET_COLUMNS: Final = (*COLUMNS, *REST_OF_ADDRESS)
BY_FIELD: Final = {column.field: column for column in SHEET_COLUMNS}
SHEET_LABELS: Final = {column.field: column.label for column in SHEET_COLUMNS}

# A header must have the name, and one of those that hold a SIREN.
NAME: Final = "name"
SIREN_HOLDERS: Final = ("siren", "siret", "vat_number")
EXAMPLE: Final = {column.field: column.example for column in COLUMNS}
