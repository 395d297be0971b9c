"""Whether a PDF without data and a structured invoice are one: what the text and the names of the files say."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

#: A number shorter than this stands in many texts by chance.
_TELLING_NUMBER: Final = 4


@dataclass(frozen=True)
class Found:
    """A file as it came in."""

    file_name: str
    batch: UUID | None


@dataclass(frozen=True)
class Stated:
    """What the structured invoice says of itself."""

    number: str
    with_vat: Decimal | None


def likeness(pdf: Found, text: str, xml: Found, invoice: Stated) -> int:
    """
    How much says that they are one; 0 where too little does, and a person decides.

    Two of three signs (the number in the text, the total in the text, the same file name) are enough; so is one where
    both arrived together. A scan has no text: its name alone speaks then. A text that says neither the number nor the
    total is of something else, whatever its name.
    """
    together = pdf.batch is not None and pdf.batch == xml.batch
    name = _stem(pdf.file_name) == _stem(xml.file_name) and (together or _tells(pdf.file_name))
    number, total = says_number(text, invoice.number), says_amount(text, invoice.with_vat)
    if text.strip() and not (number or total):
        return 0
    if not text.strip():
        return 2 + together if name else 0
    signs = name + (number and (together or len(invoice.number) >= _TELLING_NUMBER)) + total
    enough = signs >= 2 or (together and (name or number))  # noqa: PLR2004 - two of three
    return signs + 2 * together if enough else 0


def says_number(text: str, number: str) -> bool:
    """Whether the number stands in the text as a word of its own, however it is spaced."""
    parts = [re.escape(part) for part in number.split()]
    if not parts:
        return False
    spaced = r"[\s\u00a0\u202f]*".join(parts)
    return re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE) is not None


def says_amount(text: str, amount: Decimal | None) -> bool:
    """Whether the amount stands in the text, with French or English separators."""
    if amount is None:
        return False
    whole, _, cents = f"{abs(amount):.2f}".partition(".")
    first = len(whole) % 3 or 3
    groups = [whole[:first], *(whole[at : at + 3] for at in range(first, len(whole), 3))]
    thousands = r"[\s\u00a0\u202f.,']?".join(groups)
    return re.search(rf"(?<![\d.,]){thousands}[.,]{cents}(?!\d)", text) is not None


def _stem(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).stem.casefold()


def _tells(name: str) -> bool:
    """« F-2026-001 » names one file; « facture » or « scan » names many."""
    stem = _stem(name)
    return len(stem) >= _TELLING_NUMBER and any(sign.isdigit() for sign in stem)
