"""
Reading a signed-in person's rights again, on the server, whatever the method of the request.

No redirect and no page is needed while the access token lasts, so that neither a form nor an upload is lost. Once it
is over, a page makes a silent trip to ComptExpert; anything else is told how to go on.
"""

import time
from dataclasses import replace
from http import HTTPStatus

import structlog
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import trigger_client_event

from common.sealing import UnsealError
from firms.comptexpert import pages
from firms.comptexpert.backend import ComptExpertBackend
from firms.comptexpert.errors import AccessTokenRefusedError, ComptExpertError
from firms.comptexpert.flows import Flow, Purpose, begin, safe_next
from firms.comptexpert.refusals import RefusedError
from firms.comptexpert.services import enter
from firms.comptexpert.session import KeptRights, keep_refusals

logger = structlog.get_logger(__name__)

#: A person waits for this; the grace is there for the rest.
_TIMEOUT_SECONDS = 3
#: Posted values that no page writes out again: they are typed once more (jedeclare.com's password).
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password"})
_AWAY = "Votre accès doit être vérifié de nouveau auprès de ComptExpert. Rechargez la page."


def renew(request: HttpRequest, kept: KeptRights) -> HttpResponse | None:
    """Read the rights if it is time; None lets the request go on, a response takes its place."""
    if kept.wants_replacing and _is_page(request) and request.method == "GET":
        return _silent_trip(request)
    if kept.is_fresh:
        return None
    try:
        _read(request, kept)
    except AccessTokenRefusedError:
        replace(kept, expires_at=0, replace_from=0).keep(request.session)
        return _reconnect(request)
    except RefusedError as error:
        logout(request)
        return _instead(request, pages.refused(request, error))
    except ComptExpertError as error:
        return _failed(request, kept, error)
    return None


def _read(request: HttpRequest, kept: KeptRights) -> None:
    if kept.is_over:
        raise AccessTokenRefusedError
    try:
        token = kept.access_token
    except UnsealError as error:
        raise AccessTokenRefusedError from error
    entry = enter(ComptExpertBackend().read_again(token, subject=kept.subject, timeout=_TIMEOUT_SECONDS))
    keep_refusals(request.session, entry)
    replace(kept, read_at=time.time(), tried_at=0).keep(request.session)


def _failed(request: HttpRequest, kept: KeptRights, error: ComptExpertError) -> HttpResponse | None:
    if not error.reason.passes:
        logout(request)
        return _instead(request, pages.failure(request, error))
    replace(kept, tried_at=time.time()).keep(request.session)
    if kept.in_grace:
        logger.warning("comptexpert.renewal_postponed", reason=error.reason.code, detail=error.detail)
        return None
    if request.method == "POST" and _is_page(request):
        return _given_back(request, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return _instead(request, pages.unreachable(request))


def _reconnect(request: HttpRequest) -> HttpResponse:
    """The access token is over: the person comes by ComptExpert once more, without losing what was typed."""
    if not _is_page(request):
        return _told(request)
    if request.method in {"GET", "HEAD"}:
        return _silent_trip(request)
    return _given_back(request, status=HTTPStatus.UNAUTHORIZED)


def _given_back(request: HttpRequest, *, status: HTTPStatus) -> HttpResponse:
    """The posted form on a page of its own, to be sent again: nothing of it is kept anywhere else."""
    context = {
        "away": status == HTTPStatus.SERVICE_UNAVAILABLE,
        "typed": [(name, values) for name, values in request.POST.lists() if name not in _NOT_KEPT],
        "files": [(name, file.name) for name, files in request.FILES.lists() for file in files],
        "secret": "password" in request.POST,
    }
    return render(request, "firms/comptexpert/resend.html", context, status=status)


def _silent_trip(request: HttpRequest) -> HttpResponse:
    try:
        return begin(request, Flow(Purpose.RENEW, next=request.get_full_path()))
    except ComptExpertError as error:
        return pages.failure(request, error, next_page=request.get_full_path())


def _is_page(request: HttpRequest) -> bool:
    """Whether the answer fills the window; a script's request cannot follow a redirect to another site."""
    by_script = getattr(request, "htmx", False) or "application/json" in request.headers.get("Accept", "")
    return not by_script and request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _instead(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """The page where a page was asked for; a script is told, and access.js leads the window to ComptExpert's answer."""
    return page if _is_page(request) else _told(request)


def _told(request: HttpRequest) -> HttpResponse:
    """401; for htmx also where to go: not by itself, since a form may be half filled in the page that asked."""
    response = JsonResponse({"detail": _AWAY}, status=401)
    if getattr(request, "htmx", False):
        here = safe_next(request, request.headers.get("HX-Current-URL"))
        ways = {"url": _silent_address(here), "aside": _silent_address(reverse("firms:comptexpert_back"))}
        trigger_client_event(response, "jf:access", ways)
    return response


def _silent_address(next_page: str) -> str:
    return f"{reverse('firms:comptexpert_login')}?{urlencode({'silencieux': '1', 'next': next_page})}"
