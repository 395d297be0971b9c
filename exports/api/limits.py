"""How often one caller may call; counted in Redis, and nobody is held up when Redis is away."""

from django.http import HttpRequest
from django_ratelimit.core import get_usage
from redis.exceptions import RedisError


def seconds_to_wait(request: HttpRequest, *, group: str, caller: str, rate: str) -> int:
    """Count this call of `caller` (`rate` as « 600/m »); 0 while there is room, else when to come back."""
    try:
        usage = get_usage(request, group=group, key=lambda _group, _request: caller, rate=rate, increment=True)
    except (RedisError, OSError):
        return 0
    if usage is None or not usage["should_limit"]:
        return 0
    return max(1, int(usage["time_left"]))
