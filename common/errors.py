"""Error pages: what happened, what is safe, what to do, and the reference that support finds in the log."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter
from django_ratelimit.exceptions import Ratelimited

from common.masking import mask_keys
from common.typography import french

_AWAY = {
    "title": "Le stockage des fichiers ne répond pas",
    "lead": "Le stockage des fichiers ne répond pas pour le moment.",
    "explain": "Rien n'a été enregistré à moitié : recommencez dans quelques minutes.",
}
_MISSING = {
    "title": "Ce fichier manque dans le stockage",
    "lead": "Ce fichier est inscrit au registre, mais le stockage ne l'a plus.",
    "explain": "C'est une anomalie, et elle a été signalée. Écrivez à l'assistance avec la référence de cette page.",
}


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


def storage_failure(request: HttpRequest, *, missing: bool) -> HttpResponse:
    """The storage does not answer (503), or has lost a file that a row names (500: it is our failure)."""
    words = _MISSING if missing else _AWAY
    status = 500 if missing else 503
    if "application/json" in request.headers.get("Accept", ""):
        sentence = french(f"{words['lead']} {words['explain']}")
        return JsonResponse({"errors": [sentence]}, status=status)
    context = {name: french(text) for name, text in words.items()}
    response = render(request, "errors/storage.html", context, status=status)
    if not missing:
        response["Retry-After"] = "60"
    return response


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
