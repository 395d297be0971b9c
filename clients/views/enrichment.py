"""« Compléter mes clients »: what it would do, then how far it is, then what it did."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.directory.turns import BACKGROUND_PER_SECOND
from clients.models import Enrichment
from clients.permissions import can_complete_clients
from clients.selectors import enrichments_of, files_to_complete, files_with_blanks, get_enrichment_or_404
from clients.services import EnrichmentStateError, start_enrichment, stop_enrichment
from common.pace import duration
from firms.access import FirmRequest, firm_page

_administrators = firm_page(
    may=can_complete_clients, sentence="Seul un administrateur complète les dossiers du cabinet."
)


@require_http_methods(["GET", "HEAD", "POST"])
@_administrators
def complete(request: FirmRequest) -> HttpResponse:
    """What will happen; posted, it begins. Where one is under way already, its page."""
    siret = request.membership.firm.siret
    latest = enrichments_of(request.membership).first()
    if latest and latest.is_running:
        return redirect("clients:enrichment", siret, latest.pk)
    if request.method == "POST":
        return _start(request)
    total = files_to_complete(request.membership.firm_id).count()
    context = {
        "total": total,
        "blank": files_with_blanks(request.membership.firm_id).count(),
        "duration": duration(max(1, total / BACKGROUND_PER_SECOND)),
        "latest": latest,
        "rail": "clients",
    }
    return render(request, "clients/complete.html", context)


def _start(request: FirmRequest) -> HttpResponse:
    siret = request.membership.firm.siret
    try:
        enrichment = start_enrichment(request.membership)
    except EnrichmentStateError as error:
        messages.error(request, str(error))
        return redirect("clients:complete", siret)
    return redirect("clients:enrichment", siret, enrichment.pk)


@require_safe
@_administrators
def detail(request: FirmRequest, pk: UUID) -> HttpResponse:
    enrichment = get_enrichment_or_404(request.membership, pk=pk)
    context = {"enrichment": enrichment, "figures": _figures(enrichment), "rail": "clients"}
    return render(request, "clients/enrichment.html", context)


@require_safe
@_administrators
def progress(request: FirmRequest, pk: UUID) -> HttpResponse:
    """The progress card; when there is nothing more to wait for, the page that shows the result is loaded."""
    enrichment = get_enrichment_or_404(request.membership, pk=pk)
    response = render(request, "clients/enrichment_progress.html", {"enrichment": enrichment})
    if not enrichment.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@_administrators
def stop(request: FirmRequest, pk: UUID) -> HttpResponse:
    enrichment = get_enrichment_or_404(request.membership, pk=pk)
    try:
        stop_enrichment(request.membership, enrichment=enrichment)
    except EnrichmentStateError as error:
        messages.error(request, str(error))
    return redirect("clients:enrichment", request.membership.firm.siret, pk)


def _figures(enrichment: Enrichment) -> list[dict[str, object]]:
    return [
        {
            "word": "Complétés",
            "value": enrichment.completed,
            "note": "dossiers dont des champs vides sont remplis",
            "tone": "done",
        },
        {"word": "Inconnus", "value": enrichment.unknown, "note": "SIREN absents de l'annuaire", "tone": "wait"},
        {"word": "Cessés", "value": enrichment.ceased, "note": "entreprises sans activité", "tone": "idle"},
    ]
