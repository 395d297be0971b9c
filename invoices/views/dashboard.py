"""« Accueil »: how many invoices stand where, per month and per client; each figure opens its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clients.access import CompanyRequest, company_page
from clients.permissions import can_see_every_client
from common.tables import MOST_COUNTED
from common.typography import number
from firms.access import FirmRequest, firm_page
from invoices.chart import Chart
from invoices.enums import FirmState, InvoiceState, Verdict
from invoices.selectors.company import invoices_of
from invoices.selectors.dashboard import count_up_to, months_of, most_waiting
from invoices.selectors.deposits import unsettled_deposits
from invoices.selectors.firm import firm_list_of
from invoices.views.lists import FREE


@dataclass(frozen=True)
class _Line:
    """A figure: what it counts, and the list that it opens."""

    word: str
    note: str
    query: str
    only: dict[str, str]


_ERRORS = _Line("Avec erreurs", "les contrôles ont trouvé une erreur", "controles=errors", {"verdict": Verdict.ERRORS})
_RECEIVED = _Line("Reçues", "en tout", FREE, {})
_OF_COMPANY = (
    _RECEIVED,
    _Line("À valider", "votre cabinet les attend", "etat=to_validate", {"state": InvoiceState.TO_VALIDATE}),
    _Line("Validée", "votre cabinet peut les prendre", "etat=validated", {"state": InvoiceState.VALIDATED}),
    _Line("En litige", "à régler avec l'autre partie", "etat=disputed", {"state": InvoiceState.DISPUTED}),
    _ERRORS,
)
_OF_FIRM = (
    _RECEIVED,
    _Line("À valider", "le client doit les valider", "etat=pending", {"state": FirmState.PENDING}),
    _Line("À transférer", "votre logiciel peut les prendre", "etat=to_transfer", {"state": FirmState.TO_TRANSFER}),
    _ERRORS,
)


@require_safe
@company_page()
def company_home(request: CompanyRequest) -> HttpResponse:
    invoices = invoices_of(request.company)
    figures = _figures(invoices, reverse("invoices:company_list", args=[request.company.siren]), _OF_COMPANY)
    months = months_of(invoices, key=f"company:{request.company.pk}")
    context = {
        "figs": figures,
        "chart": Chart.of(months),
        "unsettled": unsettled_deposits(request.company)[:5],
        "rail": "home",
    }
    return render(request, "invoices/company_home.html", context)


@require_safe
@firm_page()
def figures(request: FirmRequest) -> HttpResponse:
    member = request.membership
    parts = firm_list_of(member)
    address = reverse("invoices:firm_list", args=[member.firm.siret])
    key = f"firm:{member.firm_id}" if can_see_every_client(member) else f"member:{member.pk}"
    context = {
        "figs": _figures(parts, address, _OF_FIRM),
        "chart": Chart.of(months_of(parts, key=key)),
        "waiting": [
            {"name": client.name, "count": count, "url": f"{address}?etat=pending&client={client.siren}"}
            for client, count in most_waiting(parts.filter(state=FirmState.PENDING))
        ],
    }
    return render(request, "invoices/figures.html", context)


def _figures(rows: QuerySet[Any], address: str, lines: Sequence[_Line]) -> list[dict[str, Any]]:
    shown = []
    for line in lines:
        count = count_up_to(rows.filter(**line.only))
        text = f"plus de {number(MOST_COUNTED)}" if count > MOST_COUNTED else number(count)
        shown.append({"word": line.word, "note": line.note, "url": f"{address}?{line.query}", "shown": text})
    return shown
