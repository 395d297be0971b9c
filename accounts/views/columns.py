from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.services import choose_columns
from common.tables import choosable


@require_POST
@login_required
def columns(request: HttpRequest, name: str) -> HttpResponse:
    """« Colonnes » of a list, remembered for this person; then the list again, as it was."""
    choice = choosable(name)
    if choice is None:
        raise Http404("Liste inconnue.")
    choose_columns(cast("User", request.user), choice=choice, names=request.POST.getlist("colonnes"))
    back = request.POST.get("suite", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "accounts:entrance")
