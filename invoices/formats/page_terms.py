"""What the text of a PDF says about an invoice: its number, dates, numbers of companies and totals, and where.

Only what the page names with a word (« Facture n° », « Total TTC ») or what carries a key that fits (SIREN, SIRET, VAT
number) is taken: better nothing than a guess. Lines are cut, so that no expression runs for long on a hostile text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from common.identifiers import is_siren, is_siret, siren_within_vat, vat_key_matches
from invoices.formats.pdf_text import lines_of

MAX_LINE: Final = 300
MAX_LINES: Final = 3000
SIREN_DIGITS: Final = 9
# What the spaces of a number may be: ordinary, no-break, narrow, thin.
_SPACE: Final = " \u00a0\u202f\u2009"

_MONTHS: Final = {
    name: month
    for month, names in enumerate(
        (
            "janvier janv january jan",
            "février fevrier févr fév february feb",
            "mars march mar",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "août aout august aug",
            "septembre sept september sep",
            "octobre oct october",
            "novembre nov november",
            "décembre decembre déc december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMBER_LABEL: Final = re.compile(
    r"(?:\b(?:facture|avoir|invoice|credit\snote|rechnung|handelsrechnung)\s{0,2}"
    r"(?:n\s?[°ºo]\.?|num[ée]ro|no\.?|nr\.?|number|#)"
    r"|\b(?:n\s?[°º]|num[ée]ro)\s{0,2}(?:de\s(?:la\s)?|d['’])?(?:facture|avoir)\b"
    r"|\b(?:rechnungsnummer|rechnungs-nr\.?|invoice\s?id))\s{0,3}:?\s{0,3}",
    re.IGNORECASE,
)
# « Facture F-2026-001 »: without « n° », at the start of a line only.
_NUMBER_TITLE: Final = re.compile(r"^(?:facture|avoir|invoice)\s{1,3}:?\s{0,3}", re.IGNORECASE)
_DOCUMENT_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,40}")
_DAY: Final = re.compile(
    r"(?<!\d)(?:(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?!\d)"
    r"|(\d{4})-(\d{2})-(\d{2})(?!\d)"
    r"|(\d{1,2})(?:er)?\s([a-zéû]{3,9})\.?\s(\d{4}))",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(
    rf"(?<![\d.,])[-−]?(?:\d{{1,3}}(?:[{_SPACE}.,'’]\d{{3}}){{1,4}}|\d{{1,12}})[.,]\d{{2}}(?!\d|[.,]\d|\s?%)"
)
AMOUNT_LABELS: Final = {
    "without_vat": re.compile(
        r"\b(?:(?:montant\s|sous[-\s])?total\s(?:net\s)?(?:h\.?t\b|hors\staxe)|(?:montant|base|net)\sh\.?t\b|net\stotal\b)",
        re.IGNORECASE,
    ),
    "vat": re.compile(
        r"\b(?:(?:montant|total)\s(?:de\sla\s|des\s)?)?(?:t\.?v\.?a\b|taxes\b)|\bvat\stotal\b", re.IGNORECASE
    ),
    "with_vat": re.compile(
        r"\b(?:(?:montant\s)?total\s(?:t\.?t\.?c\b|toutes\staxes)|montant\st\.?t\.?c\b|grand\stotal\b|bruttosumme\b)",
        re.IGNORECASE,
    ),
    "amount_due": re.compile(
        r"\b(?:net\s[àa]\spayer|(?:reste|solde|montant)\s(?:[àa]\spayer|d[ûu]\b)|amount\sdue|due\spayable|zahlbetrag)",
        re.IGNORECASE,
    ),
}
_ISSUED: Final = re.compile(
    r"\bdate\s(?:de\s(?:la\s)?|d['’])?(?:facture|facturation|[ée]mission|avoir)|\b(?:[ée]mise?|factur[ée]e?)\sle"
    r"|\binvoice\sdate|\bdate\s?:",
    re.IGNORECASE,
)
_DUE: Final = re.compile(r"\b[ée]ch[ée]ance|\b(?:[àa]\spayer|payable)\s(?:avant\s)?le|\bdue\sdate", re.IGNORECASE)
_CREDIT: Final = re.compile(r"^(?:facture\sd['’])?avoir\b", re.IGNORECASE)
_DIGITS: Final = re.compile(rf"(?<![\d,])\d(?:[{_SPACE}.]{{0,2}}\d){{8,13}}(?![{_SPACE}.]?\d)")
_VAT_NUMBER: Final = re.compile(rf"\bFR[{_SPACE}]?[0-9A-HJ-NP-Z]{{2}}(?:[{_SPACE}.]?\d){{9}}(?!\d)")
_COMPANY_LABEL: Final = re.compile(r"siren|siret|r\.?c\.?s\b|t\.?v\.?a\b|\bvat\b", re.IGNORECASE)
_NOT_DIGITS: Final = re.compile(rf"[{_SPACE}.]")
_SIGNS: Final = str.maketrans({"−": "-", **dict.fromkeys(f"{_SPACE}'’")})


@dataclass(frozen=True, slots=True)
class Found:
    """A value as a field takes it (ISO dates, amounts with a point), and the page and line that say so."""

    value: str
    page: int
    line: str


def amounts_in(text: str) -> set[Decimal]:
    return {Decimal(found.value) for line in _lines(text) for found in _amounts(*line)}


def labelled_amounts(text: str, term: str) -> list[Found]:
    """What follows the words for `term` (a key of AMOUNT_LABELS), the last of its line where several do."""
    label = AMOUNT_LABELS[term]
    found = []
    for page, line in _lines(text):
        if match := label.search(line):
            amounts = _amounts(page, line, start=match.end())
            found += amounts[-1:]
    return found


def numbers_in(text: str) -> list[Found]:
    """What the page calls the number of the invoice."""
    found = []
    for page, line in _lines(text):
        match = _NUMBER_LABEL.search(line) or _NUMBER_TITLE.search(line)
        stated = _DOCUMENT_NUMBER.match(line, match.end()) if match else None
        if stated and any(map(str.isdigit, stated[0])) and not _DAY.match(line, stated.start()):
            found.append(Found(stated[0].rstrip("._-/"), page, line))
    return found


def sirens_in(text: str) -> list[Found]:
    """SIREN of lines that speak of one: as such, in a SIRET or in a French VAT number, with a key that fits."""
    found: dict[str, Found] = {}
    for page, line in _lines(text):
        for siren in _sirens(line) if _COMPANY_LABEL.search(line) else ():
            found.setdefault(siren, Found(siren, page, line))
    return list(found.values())


def digits_in(text: str) -> str:
    """Every digit of the text in its order: to see whether a number is there however it is spaced."""
    return re.sub(r"[^0-9\n]", "", text)


def dates_in(text: str, label: re.Pattern[str]) -> list[Found]:
    found = []
    for page, line in _lines(text):
        match = label.search(line)
        if match and (day := _first_day(line, match.end())):
            found.append(Found(day.isoformat(), page, line))
    return found


def propose(text: str, *, own_siren: str) -> dict[str, Found]:
    """By the names of a form's fields (see services.completing.StatedTerms): for a person to look at, nothing more."""
    proposed = {
        "number": _only(numbers_in(text)),
        "issue_date": _first(dates_in(text, _ISSUED)),
        "due_date": _first(dates_in(text, _DUE)),
        "other_siren": _only([one for one in sirens_in(text) if one.value != own_siren]),
        "other_vat": _only([one for one in _vat_numbers(text) if siren_within_vat(one.value) != own_siren]),
        "type_code": next((Found("381", page, line) for page, line in _lines(text) if _CREDIT.match(line)), None),
        **_totals(text),
    }
    return {term: found for term, found in proposed.items() if found is not None}


def _totals(text: str) -> dict[str, Found]:
    """The three amounts where they add up; else nothing, for one of them was read wrongly."""
    with_vat = labelled_amounts(text, "with_vat") + labelled_amounts(text, "amount_due")
    for total in reversed(with_vat):
        for net in reversed(labelled_amounts(text, "without_vat")):
            for vat in reversed(labelled_amounts(text, "vat")):
                if Decimal(net.value) + Decimal(vat.value) == Decimal(total.value):
                    return {"without_vat": net, "vat": vat, "with_vat": total}
    return {}


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for count, (page, line) in enumerate(lines_of(text)):
        if count >= MAX_LINES:
            return
        yield page, line[:MAX_LINE]


def _amounts(page: int, line: str, *, start: int = 0) -> list[Found]:
    return [Found(_plain(match[0]), page, line) for match in _AMOUNT.finditer(line, start)]


def _plain(amount: str) -> str:
    bare = amount.translate(_SIGNS)
    return f"{re.sub('[.,]', '', bare[:-3])}.{bare[-2:]}"


def _sirens(line: str) -> Iterator[str]:
    for match in _VAT_NUMBER.finditer(line):
        if siren := siren_within_vat(_NOT_DIGITS.sub("", match[0])):
            yield siren
    for match in _DIGITS.finditer(line):
        digits = _NOT_DIGITS.sub("", match[0])
        if is_siren(digits) or is_siret(digits):
            yield digits[:SIREN_DIGITS]


def _vat_numbers(text: str) -> list[Found]:
    found = [
        Found(_NOT_DIGITS.sub("", match[0]), page, line)
        for page, line in _lines(text)
        for match in _VAT_NUMBER.finditer(line)
    ]
    return [one for one in found if vat_key_matches(one.value)]


def _first_day(line: str, start: int) -> date | None:
    match = _DAY.search(line, start)
    if match is None:
        return None
    day, month, year, iso_year, iso_month, iso_day, word_day, word, word_year = match.groups()
    if word is not None:
        day, month, year = word_day, str(_MONTHS.get(word.lower(), 0)), word_year
    try:
        return date(_year(iso_year or year), int(iso_month or month), int(iso_day or day))
    except ValueError:
        return None


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else 2000 + int(text)  # noqa: PLR2004 - two digits


def _first(found: list[Found]) -> Found | None:
    return found[0] if found else None


def _only(found: list[Found]) -> Found | None:
    """What the page says once, or always alike: two different values are nobody's to choose between but a person's."""
    return found[0] if len({one.value for one in found}) == 1 else None
