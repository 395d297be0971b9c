from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.filtering import chips_of, without_filters
from common.ids import uuid_in
from common.xlsx import CONTENT_TYPE
from firms.access import FirmRequest, firm_page
from firms.filters import JournalFilter
from firms.journal_export import export_journal
from firms.journal_words import describe
from firms.permissions import can_read_journal
from firms.selectors import page_before

_SENTENCE = "Seul un administrateur du cabinet lit le journal."


@require_safe
@firm_page(may=can_read_journal, sentence=_SENTENCE)
def journal(request: FirmRequest) -> HttpResponse:
    """Who did what, latest first; `avant` is the last line of the page before."""
    filters = JournalFilter(request.GET, membership=request.membership)
    before = uuid_in(request.GET.get("avant"))
    entries, older = page_before(filters.qs, uid=before)
    query = request.GET.copy()
    query.pop("avant", None)
    context = {
        "lines": [(entry, describe(entry)) for entry in entries],
        "older": older,
        "later": before is not None,
        "query": query.urlencode(),
        "filters": filters,
        "filter_chips": chips_of(filters, query),
        "without_filters": without_filters(filters, query),
        "rail": "journal",
    }
    return render(request, "firms/journal.html", context)


@require_safe
@firm_page(may=can_read_journal, sentence=_SENTENCE)
def export(request: FirmRequest) -> StreamingHttpResponse:
    """« Exporter »: all that the filters find."""
    filters = JournalFilter(request.GET, membership=request.membership)
    chosen = " · ".join(chip.label for chip in chips_of(filters, request.GET))
    workbook = export_journal(request.membership, lines=filters.qs, filters=chosen)
    response = StreamingHttpResponse(workbook, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="journal-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return response
