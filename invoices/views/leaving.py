"""« Quitter jefacture »: the company's own archive, made in the background and fetched for some days."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clients.access import CompanyRequest, company_page, own_member
from clients.permissions import can_manage_company
from common.archives.download import archive_response
from common.archives.running import ExportRunningError
from common.permissions import require
from invoices.models import CompanyExport
from invoices.selectors.exports import exports_of, get_export_or_404
from invoices.services.company_export import note_fetched, start_export

_OWNERS_ONLY = "Seul un propriétaire de l'espace l'exporte."


@require_http_methods(["GET", "HEAD", "POST"])
@company_page(firms_too=False)
def leave(request: CompanyRequest) -> HttpResponse:
    """What there is to take along; posted, the archive is begun."""
    require(can_manage_company(request.actor), _OWNERS_ONLY)
    if request.method == "POST":
        try:
            start_export(own_member(request))
        except ExportRunningError as error:
            messages.info(request, str(error))
        return redirect("invoices:leave", request.company.siren)
    context = {
        "export": exports_of(request.company).first(),
        "days": settings.ARCHIVE_RETENTION_DAYS,
        "rail": "settings",
    }
    return render(request, "invoices/leave.html", context)


@require_safe
@company_page(firms_too=False)
def progress(request: CompanyRequest, pk: UUID) -> HttpResponse:
    """The progress card; when there is nothing more to wait for, the page with the archive is loaded."""
    export = _own_export(request, pk)
    response = render(request, "invoices/export_progress.html", {"export": export})
    if not export.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@company_page(firms_too=False)
def archive(request: CompanyRequest, pk: UUID) -> StreamingHttpResponse:
    export = _own_export(request, pk)
    if not export.can_be_fetched:
        raise Http404("Cette archive n'est plus gardée.")
    if request.method == "GET":
        note_fetched(own_member(request), export)
    return archive_response(export, name=f"jefacture-{request.company.siren}")


def _own_export(request: CompanyRequest, pk: UUID) -> CompanyExport:
    require(can_manage_company(request.actor), _OWNERS_ONLY)
    return get_export_or_404(request.company, pk=pk)
