"""
Whose turn it is to ask the directory, which lets one address in seven times a second.

Counted in Redis, over all processes of the product: the last requests are a list of their times, and there is a turn
when the seventh last is a second old. One script, so that no two take the same turn. While Redis is away nobody asks.
"""

from functools import cache
from typing import Final

import redis
from django.conf import settings
from redis.commands.core import Script

#: The directory's own limit, and what work in the background takes of it at most: people who type come first.
PER_SECOND: Final = 7
BACKGROUND_PER_SECOND: Final = 5
#: A tenth more than a second: what leaves a second apart may arrive closer together.
_SECOND: Final = 1100
_STOP, _ALL, _BACKGROUND = "directory:stop", "directory:turns", "directory:turns:background"

#: KEYS: the common stop, then the lists to stand in. ARGV: milliseconds of a « second », then how many in each list.
_TAKE: Final = """
local stop = redis.call('PTTL', KEYS[1])
if stop > 0 then return stop end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = 0
for i = 2, #KEYS do
  local oldest = redis.call('LINDEX', KEYS[i], ARGV[i] - 1)
  if oldest then wait = math.max(wait, oldest + ARGV[1] - now) end
end
if wait > 0 then return wait end
for i = 2, #KEYS do
  redis.call('LPUSH', KEYS[i], now)
  redis.call('LTRIM', KEYS[i], 0, ARGV[i] - 1)
  redis.call('PEXPIRE', KEYS[i], 2 * ARGV[1])
end
return 0
"""


def take_turn(*, background: bool) -> float:
    """Seconds to wait before asking for a turn again; 0.0 is the turn itself. Raises RedisError."""
    keys, limits = [_STOP, _ALL], [PER_SECOND]
    if background:
        keys, limits = [*keys, _BACKGROUND], [*limits, BACKGROUND_PER_SECOND]
    return int(_script(settings.REDIS_URL)(keys=keys, args=[_SECOND, *limits])) / 1000


def stop_everybody(seconds: float) -> None:
    """No turn for anybody until then. Raises RedisError."""
    _redis(settings.REDIS_URL).set(_STOP, 1, px=int(seconds * 1000))


@cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)


@cache
def _script(url: str) -> Script:
    return _redis(url).register_script(_TAKE)
