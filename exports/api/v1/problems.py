"""Every error of v1 is a problem of RFC 9457, in French; `code` is what a program tells them apart by."""

from typing import Any, Final

from django.http import JsonResponse

from exports.api.errors import ApiError

_TITLES: Final = {
    400: "Demande incorrecte",
    401: "Clé API refusée",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Méthode non permise",
    409: "Conflit",
    413: "Fichier trop lourd",
    422: "Demande refusée",
    429: "Trop d'appels",
    503: "Indisponible",
}


def problem_of(error: ApiError, **more: Any) -> JsonResponse:
    return JsonResponse(
        {
            "type": f"urn:jefacture:{error.code}",
            "title": _TITLES.get(error.status, "Erreur"),
            "status": error.status,
            "detail": error.message,
            "code": error.code,
            **more,
        },
        status=error.status,
        headers=error.headers,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
