"""Nothing under /comapi/ is HTML or a redirect, whatever went wrong before or below the views."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from exports.api.comapi.errors import ApiError, not_found

_COMAPI = re.compile(r"/+comapi(?:/|\Z)")
_SLASHES = re.compile(r"/{2,}")
_FORBIDDEN, _NOT_FOUND, _SERVER_ERROR = 403, 404, 500


class JsonOnlyMiddleware:
    """
    First of all middleware: a host that is not ours (400), the redirect to https, an exception (500) become JSON.

    A cookie says nothing here, so it is not even read: a browser's session can neither help nor redirect a call.
    Doubled slashes, which some clients write, are read as one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _COMAPI.match(request.path_info):
            return self.get_response(request)
        request.path_info = _SLASHES.sub("/", request.path_info)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        if response.status_code < 300 or response.get("Content-Type", "").startswith("application/json"):  # noqa: PLR2004 - success
            return response
        told = _as_json(response.status_code)
        # Below us the length would have been written: without it the answer goes in chunks, which old clients misread.
        told["Content-Length"] = str(len(told.content))
        return told


def _as_json(status: int) -> HttpResponse:
    if status < 400:  # noqa: PLR2004 - the only redirect that exists for these paths
        return ApiError(_FORBIDDEN, "https_required", "Cette API ne répond qu'en https.").response()
    if status == _NOT_FOUND:
        return not_found("Cette adresse n'existe pas.").response()
    if status < _SERVER_ERROR:
        return ApiError(status, "bad_request", "Cette demande n'a pas été comprise.").response()
    return ApiError(status, "server_error", "Une erreur est survenue ; rien n'a changé d'état.").response()
