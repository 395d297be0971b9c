from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from firms.models import Membership
from firms.selectors import open_memberships


def places(request: HttpRequest) -> dict[str, Any]:
    """`firms`: the person's open memberships, read when a page asks. On a firm's page: `membership` and `firm`."""
    found: dict[str, Any] = {"firms": SimpleLazyObject(lambda: _open_memberships(request))}
    membership = getattr(request, "membership", None)
    if isinstance(membership, Membership):
        found |= {"membership": membership, "firm": membership.firm}
    return found


def _open_memberships(request: HttpRequest) -> list[Membership]:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.is_company_user:
        return []
    return list(open_memberships(user))
