"""Two headers on every call: X-API-KEY says which firm, X-SOFTWARE-ID which software."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from exports.api.errors import ApiError
from exports.api.keys import check_scope, check_software, key_in_force, named_software
from firms.enums import Scope
from firms.models import ApiKey, PartnerSoftware


@dataclass(frozen=True)
class Caller:
    key: ApiKey
    software: PartnerSoftware

    @property
    def firm_id(self) -> UUID:
        return self.key.firm_id


def authenticate(request: HttpRequest) -> Caller:
    """Raises ApiError: 401 for the key, 403 for where it comes from, its software or its scopes, 429 for too many."""
    raw_key = request.headers.get("X-API-KEY", "").strip()
    if not raw_key:
        raise ApiError(401, "missing_key", "L'en-tête X-API-KEY est absent.")
    key = key_in_force(request, raw_key)
    raw_software = request.headers.get("X-SOFTWARE-ID", "").strip()
    if not raw_software:
        raise ApiError(403, "missing_software", "L'en-tête X-SOFTWARE-ID est absent.")
    software = named_software(raw_software)
    check_software(key, software)
    check_scope(key, Scope.READ)
    return Caller(key, software)
