"""A whole row: each cell by its column, then what the cells say about one another."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, cast

from clients.importing.cells import Cell, SourceRow
from clients.importing.columns.base import Column, Value
from clients.importing.columns.company import shortened
from clients.importing.columns.place import Address
from clients.importing.columns.registry import BY_FIELD, LABELS, NAME, REST_OF_ADDRESS, SIREN_HOLDERS
from common.identifiers import SIREN_LENGTH, format_siren, siren_within_vat, vat_key_matches, vat_of_siren
from common.typography import french

LONGEST_POSTAL_CODE: Final = 12
FRENCH_POSTAL_CODE: Final = 5
REST_FIELDS: Final = frozenset(column.field for column in REST_OF_ADDRESS)
_FRENCH_POSTAL_CODE: Final = re.compile(r"\d{5}")
_POSTAL_CODE_FIRST: Final = re.compile(r"(\d{5})\b.*")
_SHORT_POSTAL_CODE: Final = re.compile(r"\d{4}")
# Territories whose banks hold accounts that are numbered as the country's (SWIFT's IBAN registry).
_SAME_BANKS: Final = {
    "FR": ("GP", "MQ", "GF", "RE", "PM", "YT", "BL", "MF", "NC", "PF", "WF", "TF", "MC"),
    "GB": ("JE", "GG", "IM"),
    "FI": ("AX",),
}


@dataclass(slots=True)
class CleanedRow:
    """`values` holds cleaned cells by field, blank ones left out. A row with reasons is rejected, with all of them."""

    row: SourceRow
    values: dict[str, Value] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def siren(self) -> str | None:
        """None where it could not be read, on a rejected row only."""
        return self.text("siren") or None

    @property
    def name(self) -> str:
        return self.text(NAME)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


class RowCleaner:
    """Reads rows through their header's columns (field → index)."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self._columns = [(name, index, _quickly(BY_FIELD[name])) for name, index in columns.items()]

    def clean(self, row: SourceRow) -> CleanedRow:
        cleaned = CleanedRow(row, warnings=list(row.notes))
        values, cells = cleaned.values, row.cells
        width = len(cells)
        found: dict[str, str] = {}
        wrong: set[str] = set()
        for name, index, at_once in self._columns:
            if index < width and (cell := cells[index]) is not None:
                if (known := at_once(cell)) is not None:
                    values[name] = known
                elif not _judge(name, cell, cleaned, found):
                    wrong.add(name)
        _finish(cleaned, found, wrong)
        return cleaned


def _quickly(column: Column) -> Callable[[Cell], Value | None]:
    """A town or a bank stands in hundreds of rows. By type too: True is 1 for a dictionary."""
    return lru_cache(maxsize=1024, typed=True)(column.at_once) if column.repeats else column.at_once


def _finish(cleaned: CleanedRow, found: Mapping[str, str], wrong: set[str]) -> None:
    """What the cells say about one another."""
    values = cleaned.values
    if found or "siren" not in values:
        _complete(cleaned, found, wrong)
    if NAME not in values or "siren" not in values:
        _check_mandatory(cleaned, wrong)
    if not REST_FIELDS.isdisjoint(values):
        _join_address(cleaned)
    texts = cast("Mapping[str, str]", values)  # but for the one column that holds a list
    _check_numbers(cleaned, texts)
    _check_bank(cleaned, texts)
    if (code := texts.get("postal_code")) and not (len(code) == FRENCH_POSTAL_CODE and code.isdecimal()):
        _finish_postal_code(cleaned)
    if cleaned.reasons or cleaned.warnings:
        cleaned.reasons = [french(reason) for reason in cleaned.reasons]
        cleaned.warnings = [french(warning) for warning in cleaned.warnings]


def _judge(name: str, cell: Cell, cleaned: CleanedRow, found: dict[str, str]) -> bool:
    """Takes what a cell says, and into `found` what it says of other columns; False where it is wrong."""
    value, reasons, warnings, also = BY_FIELD[name].clean(cell)
    if value is not None:
        cleaned.values[name] = value
    cleaned.reasons += reasons
    cleaned.warnings += warnings
    for other, text in also.items():
        found.setdefault(other, text)
    return not reasons


def _complete(cleaned: CleanedRow, found: Mapping[str, str], wrong: set[str]) -> None:
    """Fills blank columns from what other cells held; the SIREN first from the row's own SIRET."""
    values = cleaned.values
    for name, text in found.items():
        if name != "siren" and name not in values and name not in wrong:
            values[name] = text
    if "siren" in values or "siren" in wrong:
        return
    if siret := cleaned.text("siret"):
        values["siren"] = siret[:SIREN_LENGTH]
    elif siren := found.get("siren") or siren_within_vat(cleaned.text("vat_number")):
        values["siren"] = siren


def _join_address(cleaned: CleanedRow) -> None:
    """One address out of « Adresse 1 », « Adresse 2 »…"""
    values = cleaned.values
    parts = (values.pop(name, "") for name in ("street", *sorted(REST_FIELDS)))
    street = ", ".join(part for part in parts if isinstance(part, str) and part)
    if len(street) > Address.max_length:
        cleaned.reasons.append(f"Adresse : {len(street)} caractères en tout, pour {Address.max_length} au plus.")
    else:
        values["street"] = street


def _check_mandatory(cleaned: CleanedRow, wrong: set[str]) -> None:
    if NAME not in cleaned.values and NAME not in wrong:
        cleaned.reasons.append(f"{LABELS[NAME]} manquante.")
    if "siren" not in cleaned.values and not wrong.intersection(SIREN_HOLDERS):
        without = " : ce n° de TVA n'en contient pas" if cleaned.text("vat_number") else ""
        cleaned.reasons.append(f"SIREN manquant{without}.")


def _check_numbers(cleaned: CleanedRow, texts: Mapping[str, str]) -> None:
    siren, siret, vat = texts.get("siren"), texts.get("siret"), texts.get("vat_number")
    if siren and siret and not siret.startswith(siren):
        cleaned.reasons.append(f"Le SIRET {siret} n'est pas celui d'un établissement du SIREN {format_siren(siren)}.")
    if not vat or (siren and vat == vat_of_siren(siren)):
        return
    if not vat_key_matches(vat):
        cleaned.warnings.append(f"N° de TVA {vat} : la clé ne correspond pas, à vérifier.")
    if siren and vat.startswith("FR") and not vat.endswith(siren):
        cleaned.warnings.append(f"N° de TVA {vat} : ce n'est pas celui du SIREN {format_siren(siren)}, à vérifier.")


def _check_bank(cleaned: CleanedRow, texts: Mapping[str, str]) -> None:
    """A BIC names the country of a bank's office, an IBAN that of the account: nearly always the same."""
    iban, bic = texts.get("iban"), texts.get("bic")
    if iban and bic and (country := bic[4:6]) != iban[:2] and country not in _SAME_BANKS.get(iban[:2], ()):
        cleaned.warnings.append(f"BIC {bic} : son pays n'est pas celui de l'IBAN, à vérifier.")


def _finish_postal_code(cleaned: CleanedRow) -> None:
    """Only a French code has five digits: « 1000 » is Bourg-en-Bresse in France and whole in Brussels."""
    code = cleaned.text("postal_code")
    if cleaned.text("country") in ("", "FR"):
        _finish_french_postal_code(cleaned, code)
    if len(cleaned.text("postal_code")) > LONGEST_POSTAL_CODE:
        del cleaned.values["postal_code"]
        cleaned.reasons.append(f"Code postal : « {shortened(code)} » est trop long.")


def _finish_french_postal_code(cleaned: CleanedRow, code: str) -> None:
    compact = code.replace(" ", "").removeprefix("F-")
    if _FRENCH_POSTAL_CODE.fullmatch(compact):
        cleaned.values["postal_code"] = compact
    elif _SHORT_POSTAL_CODE.fullmatch(compact):
        cleaned.values["postal_code"] = f"0{compact}"
    elif match := _POSTAL_CODE_FIRST.fullmatch(code):
        cleaned.values["postal_code"] = match[1]
    elif len(code) <= LONGEST_POSTAL_CODE:
        cleaned.warnings.append(f"Code postal « {shortened(code)} » : 5 chiffres attendus en France, à vérifier.")
