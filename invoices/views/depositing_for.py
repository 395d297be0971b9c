"""« Déposer des factures » of a firm: for which client?"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firms.access import FirmRequest, firm_page
from invoices.selectors.depositing import clients_to_deposit_for

_SHOWN = 30


@require_safe
@firm_page()
def choose(request: FirmRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = list(clients_to_deposit_for(request.membership, words=words)[: _SHOWN + 1])
    context = {"clients": found[:_SHOWN], "more": len(found) > _SHOWN, "words": words, "rail": "invoices"}
    return render(request, "invoices/deposit_for.html", context)
