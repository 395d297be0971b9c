"""Counting the calls of those who guess links or ask for new ones."""

from django.http import HttpRequest
from django_ratelimit.core import is_ratelimited
from django_ratelimit.exceptions import Ratelimited

from common.clientip import client_ip


def refuse_beyond(rate: str, request: HttpRequest, *, group: str, caller: str = "") -> None:
    """
    Count this call of `caller` (the address it comes from, unless given); raise Ratelimited beyond `rate`.

    Without Redis nothing is counted (see common.cache): people still work.
    """
    key = caller or client_ip(request) or "unknown"
    if is_ratelimited(request, group=group, key=lambda _group, _request: key, rate=rate, increment=True):
        raise Ratelimited
