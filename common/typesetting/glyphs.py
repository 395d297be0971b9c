"""Which characters the fonts inside typst draw: PDF/A knows no character without a glyph, and no page would be made."""

import re
from typing import Final

SUBSTITUTE: Final = "□"

# Tried one by one: Latin, Greek, Cyrillic, their marks, punctuation, currencies, letter-like and mathematical signs,
# arrows, boxes. Scripts that are shaped (Arabic, Indic…) stay out: they are drawn badly or end typst by a panic.
_DRAWN: Final = (
    "\x00-~\u00a0-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff\u1e00-\u1eff"
    "\u2000-\u2040\u2044-\u2052\u2070\u2071\u2074-\u208e\u20a0-\u20c0\u2100-\u211e\u2120\u2122\u2126-\u2151"
    "\u2190-\u23ff\u2460-\u2606\u2900-\u2b73\ufb00-\ufb06\ufffd"
)
_UNDRAWN: Final = re.compile(f"[^{_DRAWN}]")
# Joiners, directions, variation selectors and tags: they have no shape of their own, only effects on others.
_SHAPELESS: Final = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")


def drawable(text: str) -> tuple[str, bool]:
    """The text with a box in place of each character that cannot be drawn, and whether there was one."""
    drawn, replaced = _UNDRAWN.subn(SUBSTITUTE, _SHAPELESS.sub("", text))
    return drawn, replaced > 0
