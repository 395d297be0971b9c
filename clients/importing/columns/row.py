"""A whole row: each cell by its column, then what the cells say about one another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from clients.importing.cells import SourceRow
from clients.importing.columns.base import Value
from clients.importing.columns.company import shortened
from clients.importing.columns.registry import BY_FIELD, LABELS, NAME, SIREN_HOLDERS
from common.identifiers import format_siren, vat_key_matches, vat_of_siren
from common.typography import french

LONGEST_POSTAL_CODE: Final = 12
_FRENCH_POSTAL_CODE: Final = re.compile(r"\d{5}")
_POSTAL_CODE_FIRST: Final = re.compile(r"(\d{5})\b.*")
_SHORT_POSTAL_CODE: Final = re.compile(r"\d{4}")


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


def clean_row(row: SourceRow, columns: Mapping[str, int]) -> CleanedRow:
    """Reads a row through its header's columns (field → index)."""
    cleaned = CleanedRow(row, warnings=list(row.notes))
    found: dict[str, list[str]] = {}
    wrong: set[str] = set()
    for name, index in columns.items():
        value, reasons, warnings, also = BY_FIELD[name].clean(row.cell(index))
        if value is not None:
            cleaned.values[name] = value
        if reasons:
            cleaned.reasons += reasons
            wrong.add(name)
        if warnings:
            cleaned.warnings += warnings
        for other, text in also.items():
            found.setdefault(other, []).append(text)
    _complete(cleaned, found, wrong)
    _check_mandatory(cleaned, wrong)
    _check_numbers(cleaned)
    _finish_postal_code(cleaned)
    cleaned.reasons = [french(reason) for reason in cleaned.reasons]
    cleaned.warnings = [french(warning) for warning in cleaned.warnings]
    return cleaned


def _complete(cleaned: CleanedRow, found: Mapping[str, list[str]], wrong: set[str]) -> None:
    """Fills blank columns from what other cells held; the SIREN also from the row's own SIRET, which goes first."""
    for name, texts in found.items():
        if name != "siren" and name not in cleaned.values and name not in wrong:
            cleaned.values[name] = texts[0]
    if "siren" in cleaned.values or "siren" in wrong:
        return
    if siret := cleaned.text("siret"):
        cleaned.values["siren"] = siret[:9]
    elif "siren" in found:
        cleaned.values["siren"] = found["siren"][0]


def _check_mandatory(cleaned: CleanedRow, wrong: set[str]) -> None:
    if not cleaned.name and NAME not in wrong:
        cleaned.reasons.append(f"{LABELS[NAME]} manquante.")
    if not cleaned.siren and not wrong.intersection(SIREN_HOLDERS):
        monaco = cleaned.text("vat_number").startswith("FR")
        why = " : ce n° de TVA n’en contient pas" if monaco else ""
        cleaned.reasons.append(f"SIREN manquant{why}.")


def _check_numbers(cleaned: CleanedRow) -> None:
    siren, siret, vat = cleaned.siren, cleaned.text("siret"), cleaned.text("vat_number")
    if siren and siret and not siret.startswith(siren):
        cleaned.reasons.append(f"Le SIRET {siret} n’est pas celui d’un établissement du SIREN {format_siren(siren)}.")
    if not vat or (siren and vat == vat_of_siren(siren)):
        return
    if not vat_key_matches(vat):
        cleaned.warnings.append(f"N° de TVA {vat} : la clé ne correspond pas, à vérifier.")
    if siren and vat.startswith("FR") and not vat.endswith(siren):
        cleaned.warnings.append(f"N° de TVA {vat} : ce n’est pas celui du SIREN {format_siren(siren)}, à vérifier.")


def _finish_postal_code(cleaned: CleanedRow) -> None:
    """Only a French code has five digits: « 1000 » is Bourg-en-Bresse in France and whole in Brussels."""
    code = cleaned.text("postal_code")
    if cleaned.text("country") in ("", "FR"):
        _finish_french_postal_code(cleaned, code)
    if len(cleaned.text("postal_code")) > LONGEST_POSTAL_CODE:
        del cleaned.values["postal_code"]
        cleaned.reasons.append(f"Code postal : « {shortened(code)} » est trop long.")


def _finish_french_postal_code(cleaned: CleanedRow, code: str) -> None:
    if not code or _FRENCH_POSTAL_CODE.fullmatch(code):
        return
    compact = code.replace(" ", "").removeprefix("F-")
    if _FRENCH_POSTAL_CODE.fullmatch(compact):
        cleaned.values["postal_code"] = compact
    elif _SHORT_POSTAL_CODE.fullmatch(compact):
        cleaned.values["postal_code"] = f"0{compact}"
    elif match := _POSTAL_CODE_FIRST.fullmatch(code):
        cleaned.values["postal_code"] = match[1]
    elif len(code) <= LONGEST_POSTAL_CODE:
        cleaned.warnings.append(f"Code postal « {shortened(code)} » : 5 chiffres attendus en France, à vérifier.")
