"""How many messages leave each second, over all workers together (SMTP_MESSAGES_PER_SECOND)."""

from functools import cache
from time import sleep
from typing import Any, Final

import redis
import structlog
from django.conf import settings
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)

_KEY: Final = "outbox:next-message"
# The next free moment, by Redis's own clock; -1 where somebody waits for one already, who is enough to keep the pace.
_RESERVE: Final = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local every = tonumber(ARGV[1])
local free = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
if free - now > every then return -1 end
redis.call('SET', KEYS[1], string.format('%.0f', free + every), 'PX', math.ceil(every / 1000) + 10000)
return free - now
"""
_MICROSECONDS: Final = 1_000_000


def is_limited() -> bool:
    return settings.SMTP_MESSAGES_PER_SECOND > 0


def may_go() -> bool:
    """
    Wait until one more message may leave; False where another worker waits already, and this one is not needed.

    Without Redis each worker keeps the pace by itself.
    """
    if not is_limited():
        return True
    every = 1 / settings.SMTP_MESSAGES_PER_SECOND
    try:
        wait = int(_script(settings.REDIS_URL)(keys=[_KEY], args=[int(every * _MICROSECONDS)])) / _MICROSECONDS
    except RedisError as error:
        logger.warning("outbox.pace_alone", error=type(error).__name__)
        wait = every
    if wait < 0:
        return False
    sleep(wait)
    return True


@cache
def _script(url: str) -> Any:
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2).register_script(_RESERVE)
