"""Handing out stored files so that nothing in them can act on our pages."""

from django.http import FileResponse

from common import vault

#: A file from a stranger, opened in a browser: no script, no form, no top navigation, no origin.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_ALONE, _FRAMED = "'none'", "'self'"


def serve(stored_as: str, *, name: str, size: int, media_type: str, framed: bool = False) -> FileResponse:
    """A PDF opens in the browser, anything else is downloaded; `framed`: it is shown within a page of ours."""
    response = FileResponse(
        vault.opened(stored_as),
        as_attachment=not framed and media_type != "application/pdf",
        filename=name,
        content_type=media_type,
    )
    response["Content-Length"] = str(size)
    response["Content-Security-Policy"] = f"{_SANDBOX}; frame-ancestors {_FRAMED if framed else _ALONE}"
    if framed:
        response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store, private"
    return response
