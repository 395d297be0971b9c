"""How long something takes, in words, from how far it has come."""

from datetime import datetime

from django.utils import timezone

from common.typography import NBSP

_MINUTE, _HOUR = 60, 3600


def duration(seconds: float) -> str:
    """« 45 s », « 12 min », « 1 h 05 »; one unit is kept up to a half more of the next."""
    if seconds < 1.5 * _MINUTE:
        return f"{round(seconds)}{NBSP}s"
    if seconds < 1.5 * _HOUR:
        return f"{round(seconds / _MINUTE)}{NBSP}min"
    hours, minutes = divmod(round(seconds / _MINUTE), _MINUTE)
    return f"{hours}{NBSP}h{NBSP}{minutes:02d}"


def remaining(started_at: datetime | None, *, done: int, total: int) -> str:
    """« encore 4 s », from the pace so far; empty before there is one."""
    if not started_at or not done:
        return ""
    elapsed = (timezone.now() - started_at).total_seconds()
    return f"encore {duration(elapsed * (total - done) / done)}"
