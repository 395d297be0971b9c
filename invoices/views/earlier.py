from typing import Final

from django.db.models import Max, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.access import CompanyRequest, company_page
from invoices.models import Invoice

#: Nothing counts further.
_MOST: Final = 10_000


@require_safe
@company_page(firms_too=False)
def earlier(request: CompanyRequest) -> HttpResponse:
    """How many invoices there are to agree on; the page of the company's firms asks for this part."""
    own = Invoice.objects.filter(company=request.company)
    dates = own.aggregate(first=Min("issue_date"), last=Max("issue_date"))
    return render(request, "invoices/earlier.html", {"count": own[: _MOST + 1].count(), "most": _MOST, **dates})
