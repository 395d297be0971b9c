"""Handing out stored files so that nothing in them can act on our pages."""

from django.core.files.storage import default_storage
from django.http import FileResponse

#: A file from a stranger, opened in a browser: no script, no form, no top navigation, no origin.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def serve(stored_as: str, *, name: str, size: int, media_type: str) -> FileResponse:
    """A PDF opens in the browser, anything else is downloaded."""
    response = FileResponse(
        default_storage.open(stored_as),
        as_attachment=media_type != "application/pdf",
        filename=name,
        content_type=media_type,
    )
    response["Content-Length"] = str(size)
    response["Content-Security-Policy"] = _SANDBOX
    response["Cache-Control"] = "no-store, private"
    return response
