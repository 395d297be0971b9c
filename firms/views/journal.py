from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.ids import uuid_in
from firms.access import FirmRequest, firm_page
from firms.journal_words import describe
from firms.permissions import can_read_journal
from firms.selectors import journal_before


@require_safe
@firm_page(may=can_read_journal, sentence="Seul un administrateur du cabinet lit le journal.")
def journal(request: FirmRequest) -> HttpResponse:
    """Who did what, latest first; `avant` is the last line of the page before."""
    before = uuid_in(request.GET.get("avant"))
    entries, older = journal_before(request.membership, uid=before)
    lines = [(entry, describe(entry)) for entry in entries]
    return render(
        request, "firms/journal.html", {"lines": lines, "older": older, "later": before is not None, "rail": "journal"}
    )
