"""Finding the invoice inside a PDF.

Attachments are looked for where PDF allows them: the name tree of embedded files, associated files (AF) of the
document and its pages, and file annotations. The root element of each decides, never its name.
"""

import contextlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pikepdf

from invoices.formats.detect import Kind, detect
from invoices.formats.errors import InvoiceRefused
from invoices.formats.xml import looks_like_xml

MAX_ATTACHMENTS: Final = 100
MAX_PAGES_LOOKED_AT: Final = 50
MAX_TREE_DEPTH: Final = 20
MAX_XML_BYTES: Final = 32 * 1024 * 1024
# Where several attachments hold an invoice, the one that a norm names goes first.
NORM_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
INVOICE_KINDS: Final[tuple[Kind, ...]] = ("cii", "zugferd1", "ubl")
# CII under the first name: nothing that comes later goes before it.
BEST_RANK: Final = (0, 0)

_Spec = Any  # a pikepdf.Object: the package publishes no usable types for dictionaries


@dataclass(frozen=True, slots=True)
class EmbeddedInvoice:
    kind: Kind
    name: str
    data: bytes


def find_invoice(data: bytes) -> EmbeddedInvoice | None:
    """The invoice that the PDF carries, or None. Raises InvoiceRefused (encrypted_pdf, damaged_pdf, too_large)."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _best(_invoices(pdf))
    except pikepdf.PasswordError:
        raise InvoiceRefused(
            "Ce PDF est protégé par un mot de passe : déposez-le sans protection.", "encrypted_pdf"
        ) from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # qpdf reports damage that it meets late by whatever the broken object turned out not to be.
        raise InvoiceRefused(
            "Ce PDF est endommagé ou incomplet : demandez un nouvel envoi à son émetteur.", "damaged_pdf"
        ) from None


def _best(invoices: list[EmbeddedInvoice]) -> EmbeddedInvoice | None:
    return min(invoices, key=_rank, default=None)


def _rank(invoice: EmbeddedInvoice) -> tuple[int, int]:
    name = invoice.name.lower()
    named = NORM_NAMES.index(name) if name in NORM_NAMES else len(NORM_NAMES)
    return INVOICE_KINDS.index(invoice.kind), named


def _invoices(pdf: pikepdf.Pdf) -> list[EmbeddedInvoice]:
    found: list[EmbeddedInvoice] = []
    seen: set[Any] = set()
    for count, spec in enumerate(_file_specs(pdf)):
        if count >= MAX_ATTACHMENTS:
            break
        stream = _embedded_stream(spec)
        if stream is None or stream.objgen in seen:
            continue
        seen.add(stream.objgen)
        content = _content(stream)
        if looks_like_xml(content) and (kind := detect(content)) in INVOICE_KINDS:
            found.append(EmbeddedInvoice(kind, _name(spec), content))
            if _rank(found[-1]) == BEST_RANK:
                break
    return found


def _file_specs(pdf: pikepdf.Pdf) -> Iterator[_Spec]:
    root = pdf.Root
    yield from _tree(_get(_get(root, "/Names"), "/EmbeddedFiles"), MAX_TREE_DEPTH, set())
    yield from _array(_get(root, "/AF"))
    for page in list(pdf.pages)[:MAX_PAGES_LOOKED_AT]:
        yield from _array(_get(page.obj, "/AF"))
        for annotation in _array(_get(page.obj, "/Annots")):
            if _get(annotation, "/FS") is not None:
                yield annotation.FS


def _tree(node: Any, depth: int, seen: set[Any]) -> Iterator[_Spec]:
    """The values of a name tree, whose kids may be nested or, in a hostile file, shared and going round in circles."""
    if node is None or depth == 0 or node.objgen in seen:
        return
    if node.is_indirect:
        seen.add(node.objgen)
    yield from list(_array(_get(node, "/Names")))[1::2]
    for kid in _array(_get(node, "/Kids")):
        yield from _tree(kid, depth - 1, seen)


def _array(value: Any) -> Iterator[Any]:
    if isinstance(value, pikepdf.Array):
        for position in range(min(len(value), 2 * MAX_ATTACHMENTS)):
            yield value[position]


def _get(holder: Any, key: str) -> Any:
    return holder.get(key) if isinstance(holder, pikepdf.Dictionary) else None


def _embedded_stream(spec: _Spec) -> Any:
    files = _get(spec, "/EF")
    for key in ("/F", "/UF", "/Unix", "/DOS", "/Mac"):
        stream = _get(files, key)
        if isinstance(stream, pikepdf.Stream):
            return stream
    return None


def _name(spec: _Spec) -> str:
    for key in ("/UF", "/F"):
        name = _get(spec, key)
        if name is not None:
            with contextlib.suppress(UnicodeDecodeError):
                return str(name)
    return ""


def _content(stream: Any) -> bytes:
    """The attachment's bytes. Deflate, the usual packing, is undone here so that a bomb stops at the limit."""
    filters = stream.get("/Filter")
    names = [str(one) for one in _array(filters)] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if filters is None:
        names = []
    if stream.get("/DecodeParms") is not None or any(name != "/FlateDecode" for name in names):
        return _within_limit(bytes(stream.read_bytes()))
    content = bytes(stream.read_raw_bytes())
    for _ in names:
        inflater = zlib.decompressobj()
        with contextlib.suppress(zlib.error):
            content = inflater.decompress(content, MAX_XML_BYTES + 1)
        _within_limit(content)
    return content


def _within_limit(content: bytes) -> bytes:
    if len(content) > MAX_XML_BYTES:
        raise InvoiceRefused("Une pièce jointe de ce PDF est trop volumineuse pour être une facture.", "too_large")
    return content
