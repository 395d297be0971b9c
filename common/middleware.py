from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse

from common import vault
from common.clientip import client_ip
from common.errors import storage_failure
from common.masking import mask_keys

logger = structlog.get_logger(__name__)

View = Callable[[HttpRequest], HttpResponse]


class ReferenceMiddleware:
    """Each request has a short reference, in every log line and on every error page, and its caller's address."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        reference = request_id.replace("-", "")[:10].upper()
        request.reference = reference  # type: ignore[attr-defined] # read by templates and views as request.reference
        structlog.contextvars.bind_contextvars(reference=reference, ip=client_ip(request))
        return self.get_response(request)


class MaskedDebugPagesMiddleware:
    """Django's own page for an unknown address, which DEBUG shows, without the API key that stood in the address."""

    def __init__(self, get_response: View) -> None:
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and not response.streaming:
            response.content = mask_keys(response.content.decode(errors="replace")).encode()
        return response


class NoNulMiddleware:
    """
    PostgreSQL holds no NUL and cannot even be asked for one: a path with a NUL names nothing, a query loses it.

    What is posted is the forms' to judge; Django's fields refuse a NUL.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        while "%00" in (query := request.META.get("QUERY_STRING", "")):  # one that is taken out may make another
            request.META["QUERY_STRING"] = query.replace("%00", "")
        return self.get_response(request)


class StorageMiddleware:
    """A storage that is away, or has lost a file, is told in French; what was asked was rolled back."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, vault.StorageAwayError):
            return storage_failure(request, missing=False)
        if isinstance(exception, vault.MissingError):
            logger.error("vault.missing", name=str(exception))
            return storage_failure(request, missing=True)
        return None


class PrivatePagesMiddleware:
    """What a signed-in person sees is never kept by a browser or a proxy, unless the view says otherwise."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response
