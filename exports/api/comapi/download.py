"""The bytes of one invoice. A whole file that the server took to its last byte is « transférée »."""

from collections.abc import Callable, Iterator
from typing import IO

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from common import vault
from exports.api.comapi.ranges import ByteRange, UnsatisfiableError, parse_range
from exports.api.errors import ApiError
from invoices.models import InvoiceFile

CHUNK = 65_536


def pdf_response(
    file: InvoiceFile, *, name: str, range_header: str | None, on_taken: Callable[[], None]
) -> HttpResponseBase:
    """`on_taken` is called when the server asked for more after the last byte of a whole file, never otherwise."""
    part = _range_of(range_header, size=file.size)
    content = vault.opened(file.stored_as, first=part.first if part is not None else 0)
    if part is not None:
        response = StreamingHttpResponse(_bytes_of(content, part), status=206)
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{file.size}"
        length = part.length
    else:
        done = on_taken if range_header is None else _nothing
        response = StreamingHttpResponse(_whole(content, size=file.size, on_taken=done))
        length = file.size
    return _with_headers(response, name=name, length=length)


def head_response(file: InvoiceFile, *, name: str) -> HttpResponseBase:
    return _with_headers(HttpResponse(), name=name, length=file.size)


def _with_headers(response: HttpResponseBase, *, name: str, length: int) -> HttpResponseBase:
    response["Content-Type"] = "application/pdf"
    response["Content-Length"] = str(length)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-store, private"
    return response


def _range_of(header: str | None, *, size: int) -> ByteRange | None:
    if header is None:
        return None
    try:
        return parse_range(header, size=size)
    except UnsatisfiableError as error:
        message = "L'intervalle demandé est hors du fichier."
        raise ApiError(416, "range_not_satisfiable", message, Content_Range=f"bytes */{size}") from error


def _whole(content: IO[bytes], *, size: int, on_taken: Callable[[], None]) -> Iterator[bytes]:
    sent = 0
    with content:
        while chunk := content.read(CHUNK):
            yield chunk
            sent += len(chunk)
    # Reached only when the server came back after the last chunk: a client that broke off closes the generator.
    if sent == size:
        on_taken()


def _bytes_of(content: IO[bytes], part: ByteRange) -> Iterator[bytes]:
    with content:
        left = part.length
        while left and (chunk := content.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _nothing() -> None:
    pass
