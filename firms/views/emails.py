from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from common.filtering import chips_of, without_filters
from firms.access import FirmRequest, firm_page
from firms.emails import EmailFilter, emails_of, get_email_or_404
from firms.permissions import can_read_emails
from firms.services import hurry_email
from firms.tables import EmailTable

_SENTENCE = "Seul un administrateur du cabinet lit le journal des e-mails."


@require_safe
@firm_page(may=can_read_emails, sentence=_SENTENCE)
def email_list(request: FirmRequest) -> HttpResponse:
    filters = EmailFilter(request.GET, queryset=emails_of(request.membership))
    table = EmailTable(filters.qs)
    table.filtered = filters.is_used
    RequestConfig(request).configure(table)
    context = {
        "table": table,
        "filters": filters,
        "filter_chips": chips_of(filters, request.GET),
        "without_filters": without_filters(filters, request.GET),
        "rail": "journal",
    }
    return render(request, "firms/emails.html", context)


@require_POST
@firm_page(may=can_read_emails, sentence=_SENTENCE)
def retry(request: FirmRequest, pk: UUID) -> HttpResponse:
    """« Réessayer maintenant »."""
    email = get_email_or_404(request.membership, pk=pk)
    if hurry_email(request.membership, email=email):
        messages.success(request, f"L'e-mail à {email.recipient} est réessayé.")
    else:
        messages.info(request, f"L'e-mail à {email.recipient} n'attend plus\u00a0: voyez son état.")
    return redirect("firms:emails", request.membership.firm.siret)
