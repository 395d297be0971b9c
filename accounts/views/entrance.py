from typing import cast

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


@require_safe
@login_required
def entrance(request: HttpRequest) -> HttpResponse:
    """After a sign-in: the firm's side or the company's."""
    user = cast("User", request.user)
    return redirect("clients:companies" if user.is_company_user else "firms:choose")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("home")


@require_safe
def sign_up_closed(_request: HttpRequest) -> HttpResponse:
    """A company comes in by an invitation only: there is nothing to sign up to."""
    return redirect("accounts:login")
