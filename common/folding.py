"""Two readings of a text that a person typed: tidied for keeping, folded for finding."""

import re
import unicodedata
from typing import Final

# Letters that Unicode does not take apart, as a French keyboard user would type them.
_LETTERS: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'", "‘": "'", "ʼ": "'"}
    | dict.fromkeys("‐‑‒–—−", "-"),
)
# Marks without width that are copied along from web pages and PDF files.
_INVISIBLE: Final = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
# Office Open XML writes a character that XML cannot hold as _xHHHH_ (ECMA-376 part 1, 22.9.2.19).
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
# The accents that a European text is left with once its letters were taken apart; U+034F is no mark.
_BEYOND_ACCENTS: Final = re.compile(r"[^\x00-\x7f\u0300-\u034e\u0350-\u036f]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DELETE: Final = 0x7F
_LAST_C1: Final = 0x9F


def fold(text: str) -> str:
    """`text` as the search columns hold it: no accents, no case, œ as oe, runs of spaces as one."""
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.casefold())
        if not _BEYOND_ACCENTS.search(apart):
            return " ".join(apart.encode("ascii", "ignore").decode().casefold().split())
        text = "".join(mark for mark in apart if not unicodedata.combining(mark))
        text = text.casefold().translate(_LETTERS).translate(_INVISIBLE)
    return " ".join(text.casefold().split())


def tidy(text: str, *, line_break: str = " ") -> str:
    """`text` without what spreadsheets and copying leave in it: escapes, control characters, odd or double spaces.

    Lines that hold something are joined by `line_break`.
    """
    # Not printable are control characters, marks without width and every space but the plain one.
    if text.isprintable() and "_x" not in text and "  " not in text:
        return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()
    lines = _unescape(text).translate(_INVISIBLE).splitlines()
    tidied = (" ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", line)).split()) for line in lines)
    return line_break.join(line for line in tidied if line)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    """Only what had to be escaped: a control character or the underscore itself. `_x0041_` may be a person's own."""
    code = int(match[1], 16)
    if code < ord(" ") or _DELETE <= code <= _LAST_C1 or chr(code) == "_":
        return chr(code)
    return match[0]
