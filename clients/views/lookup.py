"""Beside « Nouveau client »: what the company directory knows of the number or the name typed so far."""

import json
from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from clients import directory
from clients.models import Client
from clients.permissions import can_create_client
from clients.selectors import clients_by_siren
from common.identifiers import SIREN_LENGTH, SIRET_LENGTH, IdentifierError, clean_siren, clean_siret
from common.tenancy import tenant
from firms.access import FirmRequest, firm_page
from firms.models import Membership

#: What the form is filled with: its fields' names.
_FILLED = ("name", "street", "postal_code", "city", "country", "vat_number")


@require_safe
@ratelimit(key="user", rate="120/m")
@firm_page(may=can_create_client, sentence="Vous ne pouvez pas créer de dossier client.", waits=True)
def suggest(request: FirmRequest) -> HttpResponse:
    """A fragment: of `name` a list to choose from, of a whole number (`siren`) its company."""
    number, name = request.GET.get("siren", "").strip(), request.GET.get("name", "")
    if "name" in request.GET:
        return _names(request, "" if number else name)  # a number says more
    try:
        return _company(request, _clean(number))
    except IdentifierError as error:
        return render(request, "clients/lookup.html", {"wrong": str(error), "fill": "{}"})


def _clean(typed: str) -> str:
    """The SIREN or SIRET; "" while it is still being typed. Raises IdentifierError."""
    clean = {SIREN_LENGTH: clean_siren, SIRET_LENGTH: clean_siret}.get(sum(map(str.isdecimal, typed)))
    return clean(typed) if clean else ""


def _company(request: FirmRequest, number: str) -> HttpResponse:
    if not number:
        return render(request, "clients/lookup.html", {"fill": "{}"})
    answer = directory.company(number)
    company = answer.company
    values = {name: getattr(company, name) for name in _FILLED if getattr(company, name)} if company else {}
    siren = number[:SIREN_LENGTH]
    existing = _existing(request.membership, [siren])
    context = {
        "outcome": answer.outcome.name,
        "company": company,
        "fill": json.dumps(values, ensure_ascii=False),
        "exists": siren in existing,
        "file": existing.get(siren),
    }
    return render(request, "clients/lookup.html", context)


def _names(request: FirmRequest, text: str) -> HttpResponse:
    found = [company for company in directory.search(text).companies if company.name]
    existing = _existing(request.membership, (company.siren for company in found))
    options = [(company, company.siren in existing) for company in found]
    return render(request, "clients/lookup_names.html", {"options": options})


def _existing(membership: Membership, sirens: Iterable[str]) -> dict[str, Client | None]:
    with tenant(firm=membership.firm_id):
        return clients_by_siren(membership, sirens=list(sirens))
