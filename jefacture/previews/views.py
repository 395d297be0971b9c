from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.frames import framed
from jefacture.previews.kinds import Kind, kinds

_DARK: Final = "(prefers-color-scheme: dark)"


@require_safe
def email_list(request: HttpRequest) -> HttpResponse:
    _refuse_in_production()
    return render(request, "dev/emails.html", {"kinds": [(kind.key, kind.render()[0]) for kind in kinds().values()]})


@require_safe
def email(request: HttpRequest, key: str) -> HttpResponse:
    """One e-mail as a desk and a phone show it, light and dark, and its text part."""
    subject, parts = _kind_or_404(key).render()
    return render(request, "dev/email.html", {"key": key, "subject": subject, "text": parts.text})


@require_safe
def email_html(_request: HttpRequest, key: str, theme: str) -> HttpResponse:
    """The HTML part alone, as a mail program draws it that has chosen the theme."""
    _subject, parts = _kind_or_404(key).render()
    return framed(parts.html.replace(_DARK, "all" if theme == "sombre" else "not all"))


def _kind_or_404(key: str) -> Kind:
    _refuse_in_production()
    kind = kinds().get(key)
    if kind is None:
        raise Http404("E-mail inconnu.")
    return kind


def _refuse_in_production() -> None:
    if not settings.DEVELOPMENT_PAGES:
        raise Http404("Page inconnue.")
