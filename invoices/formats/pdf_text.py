"""The text layer of a PDF, as a person reads it: line by line, whatever order the file draws it in.

Run in a watched child, as every parser is (see invoices.opening.text_of); a damaged page gives no text, no error.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

MAX_PAGES: Final = 20
MAX_CHARACTERS: Final = 100_000
MAX_SECONDS: Final = 4.0
#: Between the pages of a text, and between two columns of one line.
PAGE_BREAK: Final = "\f"
COLUMN_BREAK: Final = "  "
# Pieces whose middles are closer than this part of their height stand on one line.
SAME_LINE: Final = 0.5
# A gap wider than this part of the height of the letters is a column's, not a word's.
COLUMN_GAP: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Piece:
    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


def read_text(data: bytes) -> str:
    """
    The text of the first pages, "" where there is none (a scan) or the file cannot be opened.

    Lines end in a newline, pages are separated by PAGE_BREAK, columns of a line by COLUMN_BREAK.
    """
    import pypdfium2  # noqa: PLC0415 - a library of several megabytes, loaded where a text is read only

    pages: list[str] = []
    deadline, left = time.monotonic() + MAX_SECONDS, MAX_CHARACTERS
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return ""
    for number in range(min(len(document), MAX_PAGES)):
        if left <= 0 or time.monotonic() > deadline:
            break
        try:
            pages.append(_page_text(document[number], left))
        except pypdfium2.PdfiumError:  # damaged: the others may be whole
            pages.append("")
        left -= len(pages[-1])
    document.close()
    text = PAGE_BREAK.join(pages)
    return text if text.strip() else ""


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """(page, line) of what `read_text` gave, pages counted from 1, empty lines left out."""
    for page, body in enumerate(text.split(PAGE_BREAK), start=1):
        yield from ((page, line) for line in body.split("\n") if line)


def _page_text(page: Any, most: int) -> str:
    text_page = page.get_textpage()
    if text_page.count_chars() > most:
        text = _clean(text_page.get_text_range(0, most))
    else:
        text = "\n".join(_join(line) for line in _lines(_pieces(text_page)))
    text_page.close()
    page.close()
    return text


def _pieces(text_page: Any) -> list[_Piece]:
    pieces = []
    for index in range(text_page.count_rects()):
        box = text_page.get_rect(index)
        text = " ".join(_clean(text_page.get_text_bounded(*box)).split())
        if text:
            left, bottom, right, top = box
            pieces.append(_Piece(left, bottom, right, top, text))
    return pieces


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL, and PDFium writes U+FFFE for a hyphen that broke a word."""
    return text.replace("\x00", "").replace("\ufffe", "-").replace("\r", "").replace(PAGE_BREAK, " ")


def _lines(pieces: list[_Piece]) -> list[list[_Piece]]:
    """From the top of the page to its foot."""
    lines: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda one: (-one.middle, one.left)):
        last = lines[-1][0] if lines else None
        if last is not None and abs(last.middle - piece.middle) < SAME_LINE * min(last.height, piece.height):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return lines


def _join(line: list[_Piece]) -> str:
    ordered = sorted(line, key=lambda one: one.left)
    parts = [ordered[0].text]
    for before, piece in pairwise(ordered):
        gap = piece.left - before.right
        far = gap > COLUMN_GAP * max(before.height, piece.height)
        parts += [COLUMN_BREAK if far else " " if gap > 0.1 * piece.height else "", piece.text]
    return "".join(parts)
