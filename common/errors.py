"""Error pages: what happened, what is safe, what to do, and the reference that support finds in the log."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter
from django_ratelimit.exceptions import Ratelimited

from common.masking import mask_keys


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django names it
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, Ratelimited):
        response = render(request, "429.html", status=429)
        response["Retry-After"] = "60"
        return response
    sentence = str(exception) if isinstance(exception, PermissionDenied) else ""
    return render(request, "403.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as above
    """The same page whether the object is absent or somebody else's: the exception's words are not shown."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "403_csrf.html", status=403)


class ReportFilter(SafeExceptionReporterFilter):
    """Error reports hide what is marked as sensitive, on a machine with DEBUG as well: people type real passwords."""

    def is_active(self, request: HttpRequest | None) -> bool:  # noqa: ARG002 - Django's signature
        return True


class Report(ExceptionReporter):
    """Django's report of an exception, without the API key that somebody pasted where none belongs."""

    def get_traceback_html(self) -> SafeString:
        return mark_safe(mask_keys(super().get_traceback_html()))  # noqa: S308 - Django's page, of which we take away

    def get_traceback_text(self) -> SafeString:
        return mark_safe(mask_keys(super().get_traceback_text()))  # noqa: S308 - as above
