"""Handing out stored files so that nothing in them can act on our pages."""

import io
from typing import IO

from django.http import FileResponse, Http404

from common import vault
from invoices.media import PDF, SHOWN_IMAGES
from invoices.models import InvoiceFile

#: A file from a stranger, opened in a browser: no script, no form, no top navigation, no origin.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_ALONE, _FRAMED = "'none'", "'self'"


def serve(stored_as: str, *, name: str, size: int, media_type: str, framed: bool = False) -> FileResponse:
    """A PDF opens in the browser, anything else is downloaded; `framed`: it is shown within a page of ours."""
    return _answer(vault.opened(stored_as), name=name, size=size, media_type=media_type, framed=framed)


def serve_copy(content: bytes, *, name: str) -> FileResponse:
    """Within a page of ours: a PDF that we made of a stored one."""
    return _answer(io.BytesIO(content), name=name, size=len(content), media_type=PDF, framed=True)


def _answer(content: IO[bytes], *, name: str, size: int, media_type: str, framed: bool) -> FileResponse:
    response = FileResponse(
        content,
        as_attachment=not framed and media_type != PDF,
        filename=name,
        content_type=media_type,
    )
    response["Content-Length"] = str(size)
    response["Content-Security-Policy"] = f"{_SANDBOX}; frame-ancestors {_FRAMED if framed else _ALONE}"
    if framed:
        response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store, private"
    return response


def shown(file: InvoiceFile) -> FileResponse:
    """A PDF or an image within a page of ours; 404 for what no browser shows."""
    if file.media_type != PDF and file.media_type not in SHOWN_IMAGES:
        raise Http404("Ce fichier ne se montre pas dans une page.")
    return serve(file.stored_as, name=file.name, size=file.size, media_type=file.media_type, framed=True)
