"""« Données du cabinet »: everything of the firm as one archive, made in the background and fetched for some days."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.archives.download import archive_response
from common.archives.running import ExportRunningError
from exports.permissions import can_export_firm
from exports.selectors.archives import exports_of, get_export_or_404
from exports.services.firm_export import ONLY_ADMINISTRATORS, note_fetched, start_export, stop_export
from firms.access import FirmRequest, firm_page
from firms.comptexpert.confirming import confirm_first
from firms.comptexpert.session import is_confirmed

_administrators_page = firm_page(may=can_export_firm, sentence=ONLY_ADMINISTRATORS)


@require_http_methods(["GET", "HEAD", "POST"])
@_administrators_page
def data(request: FirmRequest) -> HttpResponse:
    """What there is to take along; posted, the archive is begun."""
    if request.method == "POST":
        try:
            start_export(request.membership)
        except ExportRunningError as error:
            messages.info(request, str(error))
        return _back(request)
    exports = list(exports_of(request.membership)[:10])
    context = {
        "export": next(iter(exports), None),
        "earlier": exports[1:],
        "days": settings.ARCHIVE_RETENTION_DAYS,
        "confirmed": is_confirmed(request.session),
    }
    return render(request, "exports/data.html", context)


@require_safe
@_administrators_page
def progress(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The progress card; when there is nothing more to wait for, the page with the archive is loaded."""
    export = get_export_or_404(request.membership, pk=pk)
    response = render(request, "exports/data_progress.html", {"export": export})
    if not export.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@_administrators_page
def stop(request: FirmRequest, pk: UUID) -> HttpResponse:
    if stop_export(request.membership, export=get_export_or_404(request.membership, pk=pk)):
        messages.success(request, "La préparation est annulée.")
    return _back(request)


@require_POST
@firm_page(may=can_export_firm, sentence=ONLY_ADMINISTRATORS, waits=True)
def confirm(request: FirmRequest) -> HttpResponse:
    """ComptExpert asks for the password again; the page then lets the archives be fetched for five minutes."""
    return confirm_first(request, then=reverse("exports:data", args=[request.membership.firm.siret]))


@require_safe
@_administrators_page
def archive(request: FirmRequest, pk: UUID) -> HttpResponse | StreamingHttpResponse:
    export = get_export_or_404(request.membership, pk=pk)
    if not export.can_be_fetched:
        raise Http404("Cette archive n'est plus gardée.")
    if not is_confirmed(request.session):
        return _back(request)
    if request.method == "GET":
        note_fetched(request.membership, export=export)
    return archive_response(export, name=f"jefacture-{request.membership.firm.siret}")


def _back(request: FirmRequest) -> HttpResponse:
    return redirect("exports:data", request.membership.firm.siret)
