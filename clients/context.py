from typing import Any

from django.http import HttpRequest

from firms.models import Membership


def space(request: HttpRequest) -> dict[str, Any]:
    """On a company page: `company`, and `acting_firm` when a firm's member is at work there."""
    company = getattr(request, "company", None)
    if company is None:
        return {}
    actor = getattr(request, "actor", None)
    return {"company": company, "acting_firm": actor.firm if isinstance(actor, Membership) else None}
