"""The tables of words, read once."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

_PREFIX: Final = re.compile(r"^@?(?:\w+:)?")


@cache
def table(name: str) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
    return words


def term_name(term: str) -> str | None:
    """« total TTC » for BT-112; None for what only an extension knows."""
    name: str | None = table("terms").get(term)
    return name


def element_name(name: str) -> str:
    """« pays » (CountryID) for ram:CountryID; the name in the file alone where no French one is known."""
    bare = _PREFIX.sub("", name)
    word = table("elements").get(bare)
    return f"« {word} » ({bare})" if word else f"« {bare} »"


def path_name(words: str) -> str:
    """« vendeur › adresse › InhouseMail » for AccountingSupplierParty PostalAddress InhouseMail."""
    return " › ".join(table("elements").get(word, word) for word in words.split() if word not in _FILLERS)


_FILLERS: Final = frozenset({"the", "a", "an", "element", "elements", "or", "and", "attribute"})
