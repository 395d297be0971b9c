"""What acts by itself when a PDF is opened or clicked: found, so that a person is told, and taken out of copies.

An invoice needs none of it. The deposited file is kept as it came; what is shown and what leaves is a copy without.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pikepdf

from invoices.formats.errors import InvoiceRefused

#: The kinds of action (ISO 32000-2, 12.6.4) that run code or programs, send something or fetch another document.
_ACTIONS: Final = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit",
    "/ImportData": "submit",
    "/GoToR": "launch",
    "/GoToE": "launch",
    "/Rendition": "javascript",
    "/RichMediaExecute": "javascript",
}

_DAMAGE: Final = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, RecursionError)

_Holder = Any  # a pikepdf.Dictionary or Array: the package publishes no usable types for them


def active_content(data: bytes) -> list[str]:
    """The kinds found (javascript, launch, submit), sorted; a file that cannot be opened has none to tell."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return sorted({kind for _, _, kind in _found(pdf)})
    except _DAMAGE:
        return []


def without_active(data: bytes) -> bytes:
    """The same PDF, attachments included, in which nothing acts by itself. Raises InvoiceRefused (damaged_pdf)."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for holder, key, _ in list(_found(pdf)):
                holder[key] = pikepdf.Dictionary()
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
    except _DAMAGE:
        raise InvoiceRefused("Ce PDF est endommagé : sa copie sûre n'a pas pu être faite.", "damaged_pdf") from None
    return out.getvalue()


def _found(pdf: pikepdf.Pdf) -> Iterator[tuple[_Holder, Any, str]]:
    """(holder, key, kind): what stands under `key` of `holder` acts. Each object is looked at once."""
    for held in pdf.objects:
        waiting = [held]
        while waiting:
            holder = waiting.pop()
            for key, value in _items(holder):
                if not isinstance(value, pikepdf.Dictionary | pikepdf.Array):
                    continue
                if kind := _kind(key, value):
                    yield holder, key, kind
                elif not value.is_indirect:
                    waiting.append(value)


def _items(holder: _Holder) -> Iterable[tuple[Any, Any]]:
    if isinstance(holder, pikepdf.Dictionary):
        return list(holder.items())
    return enumerate(holder) if isinstance(holder, pikepdf.Array) else ()


def _kind(key: Any, value: _Holder) -> str:
    """What kind of action stands there; "" for anything else, streams (which cannot be one) included."""
    if key in ("/XFA", "/JavaScript"):
        return "javascript"
    if not isinstance(value, pikepdf.Dictionary):
        return ""
    if "/JS" in value:
        return "javascript"
    kind = value.get("/S")
    return _ACTIONS.get(str(kind), "") if isinstance(kind, pikepdf.Name) else ""
