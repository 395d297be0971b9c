"""The API itself: its routers, and what each exception is answered with."""

from typing import Any

import structlog
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError

from common import vault
from exports.api.errors import ApiError, not_found, server_error, storage_error
from exports.api.v1 import deposits, me
from exports.api.v1.auth import AUTH
from exports.api.v1.problems import problem_of

logger = structlog.get_logger(__name__)

_DESCRIPTION = """
Une clé API par cabinet (« Partenaires »), dans l'en-tête `X-API-KEY` ou `Authorization: Bearer`.
Une clé réservée à un logiciel veut aussi son identifiant dans `X-SOFTWARE-ID`.
Toute erreur est un problème au sens de la RFC 9457 (`application/problem+json`) ; `code` la nomme.
Au-delà de la limite d'appels d'une clé, la réponse 429 dit dans `Retry-After` quand revenir.
"""

api = NinjaAPI(
    title="jefacture : API partenaires",
    version="1",
    description=_DESCRIPTION,
    auth=AUTH,
    urls_namespace="api_v1",
    docs=Swagger(settings={"persistAuthorization": False, "validatorUrl": None}),
)
api.add_router("", me.router, tags=["Clé"])
api.add_router("/deposits", deposits.router, tags=["Dépôts"])


@api.exception_handler(ApiError)
def _refused(_request: HttpRequest, error: ApiError) -> HttpResponse:
    return problem_of(error)


@api.exception_handler(AuthenticationError)
def _without_key(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    message = "Donnez la clé API dans l'en-tête X-API-KEY ou Authorization: Bearer."
    return problem_of(ApiError(401, "missing_key", message, WWW_Authenticate="Bearer"))


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": str(each["loc"][-1]), "detail": _reason(each)} for each in error.errors]
    told = ApiError(422, "invalid_request", "Cette demande est incomplète ou mal écrite : voyez `errors`.")
    return problem_of(told, errors=errors)


@api.exception_handler(Http404)
def _absent(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem_of(not_found("Cet objet n'existe pas."))


@api.exception_handler(HttpError)
def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_of(ApiError(error.status_code, "bad_request", "Cette demande n'a pas été comprise."))


@api.exception_handler(BadRequest)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
def _unreadable(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem_of(ApiError(400, "bad_request", "Cette demande n'a pas été comprise."))


@api.exception_handler(vault.StorageAwayError)
@api.exception_handler(vault.MissingError)
def _without_storage(_request: HttpRequest, error: vault.StorageAwayError | vault.MissingError) -> HttpResponse:
    return problem_of(storage_error(error))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("api.failed", path=request.path, exc_info=error)
    return problem_of(server_error())


def _reason(error: dict[str, Any]) -> str:
    return "Ce champ manque." if error.get("type") == "missing" else "Cette valeur n'est pas de la forme attendue."
