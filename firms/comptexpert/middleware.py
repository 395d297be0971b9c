from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from firms.comptexpert.renewal import renew
from firms.comptexpert.session import KeptRights

#: What anybody may see or do, signed in or not.
_OPEN_TO_ALL = frozenset(
    {
        "home",
        "help",
        "healthz",
        "readyz",
        "metrics",
        "accounts:login",
        "accounts:logout",
        "accounts:terms",
        "firms:comptexpert_login",
        "firms:comptexpert_callback",
        "firms:comptexpert_backchannel",
    }
)


class RightsRenewalMiddleware:
    """A person who came in by ComptExpert goes on only with rights read within the last minute, on every method."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Here and not in __call__: the CSRF check has passed and the page's name is known."""
        match = request.resolver_match
        if match is None or match.view_name in _OPEN_TO_ALL or not request.user.is_authenticated:
            return None
        # Only the callback opens a ComptExpert person's session, and it always keeps the rights it read.
        kept = KeptRights.of(request.session)
        return None if kept is None else renew(request, kept)
