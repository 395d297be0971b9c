"""Looks companies up: remembered answers first, then at most one request, in turn, within three seconds."""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from hashlib import sha256
from json import loads
from typing import Any, Final

import requests
import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from clients.directory.company import Company, companies_in
from clients.directory.turns import stop_everybody, take_turn
from common.folding import fold, tidy
from common.http import BrokenOffError, body_of, is_private
from common.identifiers import SIRET_LENGTH

logger = structlog.get_logger(__name__)

TOTAL_SECONDS: Final = 3.0
#: Of these, how long a turn is waited for: the rest is the request's.
_TURN_SECONDS: Final = 1.5
MAX_ANSWER_BYTES: Final = 1024 * 1024
_REMEMBER_FOUND, _REMEMBER_NOT_FOUND = 24 * 3600, 3600
#: With the shape of what is remembered: raise it with `Company`'s fields.
_REMEMBERED: Final = "directory:1:"
#: Of a name: shorter ones are refused by the directory, longer ones are cut.
SHORTEST, _LONGEST = 3, 200
#: A directory that does not answer is left alone for a while: nobody else waits three seconds for the same.
_PAUSE_SECONDS: Final = 10.0
_UNSAID_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 5.0, 3600.0


class Outcome(Enum):
    FOUND = "found"
    NOT_FOUND = "not found"
    #: Too many requests at once, or the directory has asked to wait.
    BUSY = "busy"
    #: It does not answer, or not what it should.
    AWAY = "away"


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    companies: tuple[Company, ...] = ()

    @property
    def company(self) -> Company | None:
        return self.companies[0] if self.companies else None


class _Busy(Exception):  # noqa: N818 - an outcome
    """No turn in time, or a 429."""


class _Away(Exception):  # noqa: N818 - an outcome
    """`str()` says why, for the log."""


def company(number: str, *, background: bool = False) -> Answer:
    """
    The company of a cleaned SIREN with its head office, or that of a cleaned SIRET with this office. Never raises.

    `background`: for work that nobody waits for, which leaves turns to those who do.
    """
    return _look_up(number, key=number, number=number, background=background)


def search(text: str) -> Answer:
    """Up to ten companies with that name, each with its head office. Never raises."""
    words = tidy(text)[:_LONGEST]
    if len(words) < SHORTEST:
        return Answer(Outcome.NOT_FOUND)
    # What a person types is not kept in clear.
    return _look_up(words, key=sha256(fold(words).encode()).hexdigest(), number="", background=False)


def _look_up(text: str, *, key: str, number: str, background: bool) -> Answer:
    known = cache.get(_REMEMBERED + key)
    if known is not None:
        return _answer(Company(**values) for values in known)
    until = time.monotonic() + TOTAL_SECONDS
    try:
        _wait_for_turn(time.monotonic() + _TURN_SECONDS, background=background)
        found = companies_in(_ask(text, until), number=number)
    except _Busy:
        return Answer(Outcome.BUSY)
    except (_Away, RedisError, ValueError, RecursionError) as error:
        logger.warning("directory.away", error=type(error).__name__, reason=str(error) if _is_ours(error) else "")
        _pause(_PAUSE_SECONDS)
        return Answer(Outcome.AWAY)
    _remember(key, found, head_offices=len(number) != SIRET_LENGTH)
    return _answer(found)


def _answer(found: Iterable[Company]) -> Answer:
    companies = tuple(found)
    return Answer(Outcome.FOUND if companies else Outcome.NOT_FOUND, companies)


def _is_ours(error: Exception) -> bool:
    """Whether its text holds nothing of what was asked."""
    return isinstance(error, _Away)


def _remember(key: str, found: list[Company], *, head_offices: bool) -> None:
    values = [asdict(company) for company in found]
    cache.set(_REMEMBERED + key, values, _REMEMBER_FOUND if found else _REMEMBER_NOT_FOUND)
    if head_offices:  # asked for next, by the one number or the other
        for each, value in zip(found, values, strict=True):
            for number in filter(None, {each.siren, each.siret} - {key}):
                cache.set(_REMEMBERED + number, [value], _REMEMBER_FOUND)


def _wait_for_turn(until: float, *, background: bool) -> None:
    while wait := take_turn(background=background):
        if time.monotonic() + wait >= until:
            raise _Busy
        time.sleep(wait)


def _ask(text: str, until: float) -> Any:
    if not is_private(settings.COMPANY_DIRECTORY_URL):
        raise _Away("COMPANY_DIRECTORY_URL is not https")
    try:
        with requests.get(
            f"{settings.COMPANY_DIRECTORY_URL}/search",
            params={"q": text, "page": "1", "per_page": "10"},
            headers={"Accept": "application/json", "User-Agent": "jefacture"},
            timeout=Timeout(total=max(0.1, until - time.monotonic())),  # type: ignore[arg-type] # requests hands it on
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code == requests.codes.too_many_requests:
                _pause(_seconds_of(answer.headers.get("Retry-After", "")))
                raise _Busy
            if answer.status_code != requests.codes.ok:
                raise _Away(f"status {answer.status_code}")
            return loads(body_of(answer, limit=MAX_ANSWER_BYTES, until=until))
    except BrokenOffError as error:
        raise _Away(str(error)) from None
    except (requests.RequestException, HTTPError, OSError) as error:
        raise _Away(type(error).__name__) from None


def _pause(seconds: float) -> None:
    try:
        stop_everybody(seconds)
    except RedisError:
        logger.warning("directory.pause_lost")  # without Redis nobody gets a turn anyway


def _seconds_of(retry_after: str) -> float:
    """Retry-After is a number of seconds or a date (RFC 9110, 10.2.3)."""
    try:
        if retry_after.isdecimal():
            seconds = float(retry_after)
        else:
            seconds = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        seconds = _UNSAID_PAUSE_SECONDS
    return min(max(seconds, 1.0), _LONGEST_PAUSE_SECONDS)
