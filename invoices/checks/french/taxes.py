"""Sentences of the rules by VAT category: BR-S-08, BR-AE-05, BR-FXEXT-O-08b… have the same ten for each category."""

import re
from typing import Final

from invoices.checks.french.words import table

_RULE: Final = re.compile(
    r"^BR-(?P<extension>F[XR]EXT-)?(?P<category>S|Z|E|AE|IC|G|O|AF|AG|IG|IP)-?(?P<number>\d\d)(?:b|ini|rev)?$"
)
_PLACES: Final = {"02": "line", "03": "allowance", "04": "charge", "05": "line", "06": "allowance", "07": "charge"}
_TAXED: Final = frozenset({"S", "AF", "AG", "IG", "IP"})
_IDENTIFIED: Final = {"IC": "identified_both", "AE": "identified_reverse", "G": "identified_vat", "O": "unidentified"}
_RATES: Final = {"S": "rate_positive", "O": "rate_absent"} | dict.fromkeys(_TAXED - {"S"}, "rate_any")


def tax_sentence(rule: str) -> str | None:
    """None for a rule of another family."""
    match = _RULE.match(rule)
    if match is None:
        return None
    words = table("taxes")
    category, number = match["category"], match["number"]
    sentence: str | None = words.get(_key(category, number))
    if sentence is None:
        return None
    place = words["places"].get(_PLACES.get(number, ""), "")
    tolerance = words["tolerance"] if match["extension"] and number in {"08", "09"} else ""
    return f"{words['categories'][category]} : {sentence.format(place=place)}{tolerance}"


def _key(category: str, number: str) -> str:
    if number in {"02", "03", "04"}:
        return _IDENTIFIED.get(category, "identified")
    if number in {"05", "06", "07"}:
        return _RATES.get(category, "rate_zero")
    if number == "09":
        return "09_rate" if category in _TAXED else "09_zero"
    if number == "10":
        return "10_no_reason" if category in _TAXED | {"Z"} else "10_reason"
    return number if number in {"01", "08"} else f"{number}_{category}"
