"""The population: every SIREN with a right check digit has its company, always the same one; a few have none."""

import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sandbox.company_directory.named import CLOSED, HIDDEN, NAMED, UNKNOWN
from sandbox.jedeclare.files import FAMILIES, STREETS, TOWNS, TRADES
from sandbox.luhn import check_digit, make_nic

SIREN_LENGTH: Final = 9
SIRET_LENGTH: Final = 14
#: Of a hundred companies without a name in `named`: how many are closed, hidden, unknown.
_CLOSED, _HIDDEN, _UNKNOWN = 3, 2, 2
#: Offices of each company; the first is its head office.
_OFFICES: Final = 9


@dataclass(frozen=True)
class Company:
    siren: str
    name: str
    street: str
    postal_code: str
    town: str
    closed_on: str | None = None
    is_hidden: bool = False

    @property
    def siret(self) -> str:
        return self.siret_of(1)

    def siret_of(self, office: int) -> str:
        return self.siren + make_nic(self.siren, office)


def find_company(siren: str) -> Company | None:
    if not _is_right(siren) or siren in UNKNOWN:
        return None
    if told := NAMED.get(siren):
        name, street, postal_code, town = told
        return Company(siren, name, street, postal_code, town, CLOSED.get(siren), is_hidden=siren in HIDDEN)
    return _make_up(siren)


def find_office(siret: str) -> tuple[Company, int] | None:
    """The company, and which of its offices has this SIRET."""
    company = find_company(siret[:SIREN_LENGTH])
    office = int(siret[SIREN_LENGTH:-1])
    known = company is not None and 1 <= office <= _OFFICES and company.siret_of(office) == siret
    return (company, office) if company is not None and known else None


def find_by_name(text: str) -> list[Company]:
    """Those of `named` in whose name each word of `text` begins a word."""
    words = plain(text).split()
    found = (find_company(siren) for siren, (name, *_) in NAMED.items() if _has(name, words))
    return [company for company in found if company and not company.is_hidden]


def plain(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().upper()


def _has(name: str, words: list[str]) -> bool:
    return all(any(part.startswith(word) for part in name.replace("-", " ").split()) for word in words)


def _is_right(siren: str) -> bool:
    return len(siren) == SIREN_LENGTH and siren.isdecimal() and siren[-1] == check_digit(siren[:-1])


def _make_up(siren: str) -> Company | None:
    luck = int.from_bytes(sha256(siren.encode()).digest()[:6])
    share = luck % 100
    if share < _UNKNOWN:
        return None
    postal_code, town = TOWNS[luck // 1_000 % len(TOWNS)]
    closed, hidden = _UNKNOWN + _CLOSED, _UNKNOWN + _CLOSED + _HIDDEN
    return Company(
        siren,
        plain(f"{TRADES[luck // 7 % len(TRADES)]} {FAMILIES[luck // 11 % len(FAMILIES)]}"),
        plain(f"{1 + luck // 13 % 150} {STREETS[luck // 17 % len(STREETS)]}"),
        postal_code,
        plain(town),
        closed_on=f"202{luck % 5}-0{1 + luck % 9}-1{luck % 10}" if _UNKNOWN <= share < closed else None,
        is_hidden=closed <= share < hidden,
    )
