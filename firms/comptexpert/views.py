from dataclasses import replace

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from firms.comptexpert import pages, session
from firms.comptexpert.backend import ComptExpertBackend, Proof
from firms.comptexpert.discovery import discovery
from firms.comptexpert.errors import ComptExpertError, Reason
from firms.comptexpert.flows import Flow, Purpose, begin, forget, recall, safe_next
from firms.comptexpert.refusals import RefusedError
from firms.comptexpert.services import enter
from firms.comptexpert.tokens import LEEWAY_SECONDS, read_logout_token

logger = structlog.get_logger(__name__)

#: What `prompt=none` answers when ComptExpert must show a page of its own (OpenID Connect Core 3.1.2.6).
_NEEDS_A_PAGE = frozenset({"login_required", "interaction_required", "consent_required", "account_selection_required"})


@require_GET
@never_cache
def comptexpert_login(request: HttpRequest) -> HttpResponse:
    """Leave for ComptExpert; `next` is the page to come back to, `silencieux` asks for no page there if possible."""
    next_page = safe_next(request, request.GET.get("next"))
    purpose = Purpose.RENEW if "silencieux" in request.GET else Purpose.ENTER
    try:
        return begin(request, Flow(purpose, next=next_page))
    except ComptExpertError as error:
        return pages.failure(request, error, next_page=next_page)


@require_GET
@never_cache
def comptexpert_callback(request: HttpRequest) -> HttpResponse:
    """Back from ComptExpert. Whatever it says, the trip is over and the person gets a page."""
    flow = None
    try:
        flow = recall(request)
        response = _arrive(request, flow)
    except RefusedError as error:
        if _is_signed_in(request, error.claims.person.subject):
            logout(request)
        response = pages.refused(request, error)
    except ComptExpertError as error:
        response = pages.failure(request, error, next_page=flow.next if flow else "")
    forget(response, request.GET.get("state", ""))
    return response


def _arrive(request: HttpRequest, flow: Flow) -> HttpResponse:
    if error := request.GET.get("error"):
        return _declined(request, flow, error)
    # RFC 9207: where ComptExpert names itself in the answer, it must be ComptExpert.
    if request.GET.get("iss", discovery().provider().issuer) != discovery().provider().issuer:
        raise ComptExpertError(Reason.TOKEN_ISSUER, "authorization response")
    code = request.GET.get("code")
    if not code:
        raise ComptExpertError(Reason.CODE_MISSING)
    proof = ComptExpertBackend().prove(request, flow, code=code)
    confirmed = _check_person(request, flow, proof)
    session.open_session(request, enter(proof.claims), proof)
    if confirmed:
        session.confirm(request.session)
    return redirect(flow.next or settings.LOGIN_REDIRECT_URL)


def _check_person(request: HttpRequest, flow: Flow, proof: Proof) -> bool:
    """A renewal or a confirmation is for the person who is signed in. Says whether he or she is confirmed."""
    if flow.purpose == Purpose.ENTER or not request.user.is_authenticated:
        return False
    if not _is_signed_in(request, proof.claims.person.subject):
        raise ComptExpertError(Reason.OTHER_PERSON)
    if flow.purpose == Purpose.CONFIRM and proof.auth_time < flow.started_at - LEEWAY_SECONDS:
        raise ComptExpertError(Reason.NOT_CONFIRMED, f"auth_time {proof.auth_time}")
    return flow.purpose == Purpose.CONFIRM


def _is_signed_in(request: HttpRequest, subject: str) -> bool:
    return request.user.is_authenticated and request.user.subject == subject


def _declined(request: HttpRequest, flow: Flow, error: str) -> HttpResponse:
    if flow.purpose == Purpose.RENEW and error in _NEEDS_A_PAGE:
        return _after_silence(request, flow)
    reason = Reason.CANCELLED if error == "access_denied" else Reason.PROVIDER_ERROR
    raise ComptExpertError(reason, error[:60])


def _after_silence(request: HttpRequest, flow: Flow) -> HttpResponse:
    """ComptExpert no longer knows the person: go on with a token that still lasts, else sign in with a page."""
    kept = session.KeptRights.of(request.session)
    if kept is not None and not kept.is_over:
        replace(kept, replace_from=kept.expires_at).keep(request.session)
        return redirect(flow.next or resolve_url(settings.LOGIN_REDIRECT_URL))
    return begin(request, Flow(Purpose.ENTER, next=flow.next))


@require_safe
def comptexpert_back(request: HttpRequest) -> HttpResponse:
    """The end of a sign-in made in a second tab, for a form that waits in the first one."""
    return render(request, "firms/comptexpert/back.html")


@csrf_exempt  # ComptExpert's server posts it: it has no cookie, the token's signature is the proof
@require_POST
@never_cache
def comptexpert_backchannel(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Back-Channel Logout: end a person's sessions at once."""
    try:
        claims = read_logout_token(request.POST.get("logout_token", ""))
    except ComptExpertError as error:
        logger.warning("comptexpert.logout_refused", reason=error.reason.code, detail=error.detail)
        status = 503 if error.reason.passes else 400
        return JsonResponse({"error": "invalid_request", "error_description": error.reason.code}, status=status)
    ended = session.end_sessions(claims)
    logger.info("comptexpert.logout", subject=claims.get("sub"), ended=ended)
    return HttpResponse(status=200)
