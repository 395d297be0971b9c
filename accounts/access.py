"""The door of an account's own pages: a company account, since a ComptExpert identity is managed at ComptExpert."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from accounts.models import User

AnyView = Callable[..., HttpResponseBase]


def company_account(view: AnyView) -> AnyView:
    """For our views and for allauth's: everybody else is led to the page that says where theirs is managed."""

    @login_required
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (isinstance(request.user, User) and request.user.is_company_user):
            return redirect("accounts:account")
        return view(request, *args, **kwargs)

    return door
