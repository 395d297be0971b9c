"""What a person reads when ComptExpert's answer does not let him or her in, or no longer does."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firms.comptexpert.errors import ComptExpertError, Reason
from firms.comptexpert.refusals import Cause, RefusedError
from firms.enums import Profile

logger = structlog.get_logger(__name__)

CAUSES = {
    Cause.NO_DELEGATION: "Vous n'avez pas la délégation « jefacture.com » pour ce cabinet.",
    Cause.UNKNOWN_FIRM: "Ce cabinet n'est pas encore ouvert dans jefacture : son expert-comptable doit y entrer.",
    Cause.DELISTED: "Votre délégation n'est plus dans la liste des délégués de ce cabinet.",
    Cause.NO_SIRET: "ComptExpert n'a transmis aucun SIRET pour ce cabinet.",
    Cause.WRONG_SIRET: "Le SIRET transmis par ComptExpert pour ce cabinet n'est pas valable.",
    Cause.NO_CABINET: "ComptExpert n'a transmis aucun cabinet.",
}


def failure(request: HttpRequest, error: ComptExpertError, *, next_page: str = "") -> HttpResponse:
    """« La connexion n'a pas abouti », with a reason, a reference and a way to start again."""
    logger.warning("comptexpert.failed", reason=error.reason.code, detail=error.detail)
    context = {"sentence": error.reason.sentence, "wait": error.reason.passes, "next_page": next_page}
    return render(request, "firms/comptexpert/failure.html", context, status=error.reason.status)


def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """What was received, what is missing, who can mend it, and a reference that support finds in the log."""
    claims = error.claims
    cabinets = [
        {"name": cabinet.name, "siret": cabinet.siret, "delegated": cabinet.delegated} for cabinet in claims.cabinets
    ]
    logger.warning(
        "comptexpert.refused",
        code=error.code,
        cause=error.cause,
        subject=claims.person.subject,
        profile=claims.profile_name,
        cabinets=cabinets,
    )
    context = {
        "claims": claims,
        "expert": claims.profile == Profile.EXPERT,
        "sentence": CAUSES[error.cause],
        "cause": error.cause,
        "assistance": settings.ASSISTANCE_EMAIL,
        "delegations_url": settings.COMPTEXPERT_DELEGATIONS_URL,
    }
    return render(request, error.template, context, status=403)


def unreachable(request: HttpRequest) -> HttpResponse:
    """ComptExpert has been away for too long: rights nobody could read again are not taken for granted."""
    return failure(request, ComptExpertError(Reason.PROVIDER_DOWN, "grace is over"), next_page=request.get_full_path())
