from collections.abc import Callable
from time import time
from typing import Final

from django.http import HttpRequest, HttpResponse

from accounts.sessions import SEEN_AT, note_seen

_PRECISION: Final = 300


class LastSeenMiddleware:
    """When and from where a session was last at work, for its owner's list; written at most every five minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = request.session.get(SEEN_AT)
        if seen is not None and time() - seen > _PRECISION:
            note_seen(request)
        return self.get_response(request)
