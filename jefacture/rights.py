"""« Qui peut quoi »: what each room's permissions declare, as one table. Only here is every room known."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import clients.permissions
import exports.permissions
import firms.permissions
import invitations.permissions
import invoices.permissions
from clients.enums import CompanyRole
from common.permissions import Right, Rights
from firms.access import FirmRequest, firm_page
from firms.enums import Role

TABLE: Final[tuple[Rights, ...]] = (
    firms.permissions.RIGHTS,
    clients.permissions.RIGHTS,
    invitations.permissions.RIGHTS,
    invoices.permissions.RIGHTS,
    exports.permissions.RIGHTS,
    clients.permissions.SPACE_RIGHTS,
)
ROLES: Final = (*Role, *CompanyRole)


@require_safe
@firm_page()
def rights(request: FirmRequest) -> HttpResponse:
    context = {
        "parts": [{"title": part.title, "rows": [_row(right) for right in part.all]} for part in TABLE],
        "places": [{"title": "Cabinet", "roles": Role}, {"title": "Entreprise cliente", "roles": CompanyRole}],
        "roles": ROLES,
        "columns": 1 + len(ROLES),
        "rail": "users",
    }
    return render(request, "firms/rights.html", context)


def _row(right: Right[Any]) -> dict[str, Any]:
    return {"label": right.label, "note": right.note, "cells": [(role, role in right.roles) for role in ROLES]}
