from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Audience
from accounts.selectors import published_terms

_SLUGS = {"cabinet": Audience.FIRM, "entreprise": Audience.COMPANY}


@require_safe
def terms(request: HttpRequest, audience: str, version: str | None = None) -> HttpResponse:
    """The CGU in force, or a former version, readable by anybody."""
    versions = published_terms(_SLUGS[audience]) if audience in _SLUGS else []
    shown = next((each for each in versions if version in (None, each.version)), None)
    if shown is None:
        raise Http404("CGU inconnues.")
    context = {"terms": shown, "audience": audience, "versions": versions, "in_force": shown == versions[0]}
    return render(request, "accounts/terms.html", context)
