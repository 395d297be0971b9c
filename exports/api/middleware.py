"""Nothing that a program asks for is answered with HTML or a redirect, whatever went wrong around the views."""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from exports.api.comapi.errors import response_of
from exports.api.errors import ApiError, not_found, server_error
from exports.api.v1.problems import problem_of

#: Which addresses, and how their errors are written.
_APIS: Final[tuple[tuple[re.Pattern[str], Callable[[ApiError], HttpResponse]], ...]] = (
    (re.compile(r"/+comapi(?:/|\Z)"), response_of),
    (re.compile(r"/+api(?:/|\Z)"), problem_of),
)
_JSON: Final = ("application/json", "application/problem+json")
_SLASHES: Final = re.compile(r"/{2,}")
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
        write = next((write for addresses, write in _APIS if addresses.match(request.path_info)), None)
        if write is None:
            return self.get_response(request)
        request.path_info = _SLASHES.sub("/", request.path_info)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        if response.status_code < 300 or response.get("Content-Type", "").startswith(_JSON):  # noqa: PLR2004 - success
            return response
        told = write(_error_of(response.status_code))
        # Below us the length would have been written: without it the answer goes in chunks, which old clients misread.
        told["Content-Length"] = str(len(told.content))
        return told


def _error_of(status: int) -> ApiError:
    if status < 400:  # noqa: PLR2004 - the only redirect that exists for these paths
        return ApiError(_FORBIDDEN, "https_required", "Cette API ne répond qu'en https.")
    if status == _NOT_FOUND:
        return not_found("Cette adresse n'existe pas.")
    if status < _SERVER_ERROR:
        return ApiError(status, "bad_request", "Cette demande n'a pas été comprise.")
    return server_error(status)
