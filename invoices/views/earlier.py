from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.access import CompanyRequest, company_page
from common.tables import MOST_COUNTED
from invoices.selectors.company import dates_of, invoices_of
from invoices.selectors.dashboard import count_up_to


@require_safe
@company_page(firms_too=False)
def earlier(request: CompanyRequest) -> HttpResponse:
    """How many invoices there are to agree on; the page of the company's firms asks for this part."""
    own = invoices_of(request.company)
    context = {"count": count_up_to(own), "most": MOST_COUNTED, **dates_of(own)}
    return render(request, "invoices/earlier.html", context)
