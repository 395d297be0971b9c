"""« Mon compte »: how a company account is guarded, and where it is signed in."""

from typing import cast

from allauth.account.views import ConfirmEmailView, EmailView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import company_account
from accounts.models import User
from accounts.selectors import security_of
from accounts.services import vouch_for_address
from accounts.sessions import end_other_sessions, end_session, open_sessions


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    if not user.is_company_user:
        return render(request, "accounts/comptexpert.html", {"comptexpert_url": settings.COMPTEXPERT_ISSUER})
    context = {"security": security_of(user), "sessions": open_sessions(request, user)}
    return render(request, "accounts/account.html", context)


@require_POST
@company_account
def close_session(request: HttpRequest) -> HttpResponse:
    """« Fermer » one of them, or « Fermer toutes les autres »."""
    user, chosen = cast("User", request.user), request.POST.get("session", "")
    if chosen.isdecimal():
        end_session(request, user, session=int(chosen))
        messages.success(request, "La session est fermée.")
    else:
        end_other_sessions(request, user)
        messages.success(request, "Toutes les autres sessions sont fermées.")
    return redirect("accounts:account")


class ChangeEmailView(EmailView):
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        vouch_for_address(cast("User", request.user))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class FollowEmailLinkView(ConfirmEmailView):
    def get_object(self, queryset: object = None) -> object:
        confirmation = super().get_object(queryset)
        if not confirmation.email_address.user.is_company_user:
            raise Http404
        return confirmation


change_email = company_account(ChangeEmailView.as_view())
follow_email_link = FollowEmailLinkView.as_view()
