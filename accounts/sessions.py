"""The sessions of a company account: where it is signed in, and ending that."""

import re
from dataclasses import dataclass
from datetime import datetime
from time import time
from typing import Any, Final

from allauth.account.utils import perform_login
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from common.clientip import client_ip

#: In a session that is listed: when it was last written down.
SEEN_AT: Final = "accounts.seen_at"
# The first that matches: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari.
_BROWSERS: Final = (
    (r"Edg", "Edge"),
    (r"OPR|Opera", "Opera"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrom|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)
_SYSTEMS: Final = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class OpenSession:
    id: int
    device: str
    ip: str
    opened_at: datetime
    last_seen_at: datetime
    current: bool


def sign_in(request: HttpRequest, user: User, *, to: str) -> HttpResponse:
    """Sign in by what was just proven (an invitation and a new password), then go `to`."""
    response: HttpResponse = perform_login(request, user, redirect_url=to)
    return response


def open_sessions(request: HttpRequest, user: User) -> list[OpenSession]:
    """The one that asks first, then the latest seen."""
    here = request.session.session_key
    found = [
        OpenSession(
            id=session.pk,
            device=device_of(session.user_agent),
            ip=session.ip,
            opened_at=session.created_at,
            last_seen_at=session.last_seen_at,
            current=session.session_key == here,
        )
        for session in _living(user).order_by("-last_seen_at")
    ]
    return sorted(found, key=lambda session: not session.current)


def end_session(request: HttpRequest, user: User, *, session: int) -> None:
    """Another session of the same person; what is not one stays as it is."""
    get_adapter().end_sessions(_others(request, user).filter(pk=session))


def end_other_sessions(request: HttpRequest, user: User) -> None:
    get_adapter().end_sessions(_others(request, user))


def note_seen(request: HttpRequest) -> None:
    request.session[SEEN_AT] = time()
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=timezone.now(),
        ip=client_ip(request) or "0.0.0.0",  # noqa: S104 - « unknown » in a column that wants an address
    )


def forget_ended_sessions() -> None:
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def device_of(user_agent: str) -> str:
    """« Firefox sur Windows », as far as what the browser says of itself tells."""
    browser = _first(_BROWSERS, user_agent) or "Navigateur inconnu"
    system = _first(_SYSTEMS, user_agent)
    return f"{browser} sur {system}" if system else browser


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")


def _others(request: HttpRequest, user: User) -> QuerySet[Any]:
    found: QuerySet[Any] = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    return found


def _living(user: User) -> QuerySet[Any]:
    """A row is kept by allauth until the person signs in again: only those whose session is still there."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    found: QuerySet[Any] = UserSession.objects.filter(user=user, session_key__in=living)
    return found
