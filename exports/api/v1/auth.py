"""One key, as `X-API-KEY` or `Authorization: Bearer`; `X-SOFTWARE-ID` where the key is bound to a software."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja.security import APIKeyHeader, HttpBearer

from common.tenancy import tenant
from exports.api.keys import check_scope, check_software, key_in_force, named_software
from exports.services.partners import note_call
from firms.enums import Scope
from firms.keys import note_use
from firms.models import ApiKey, PartnerSoftware


@dataclass(frozen=True)
class Caller:
    """Whose call it is: `firm_id` is where every selector and service starts."""

    key: ApiKey
    software: PartnerSoftware | None

    @property
    def firm_id(self) -> UUID:
        return self.key.firm_id

    def may(self, scope: Scope) -> None:
        """Raises ApiError (403)."""
        check_scope(self.key, scope)


class KeyHeader(APIKeyHeader):
    """The key that « Partenaires » shows."""

    param_name = "X-API-KEY"

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        return _caller(request, key.strip()) if key and key.strip() else None


class KeyBearer(HttpBearer):
    """The same key, for clients that know bearer tokens."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        return _caller(request, token.strip())


AUTH = [KeyHeader(), KeyBearer()]


def caller_of(request: HttpRequest) -> Caller:
    return cast("Caller", cast("Any", request).auth)


def _caller(request: HttpRequest, raw: str) -> Caller:
    key = key_in_force(request, raw)
    named = request.headers.get("X-SOFTWARE-ID", "").strip()
    software = named_software(named) if named else None
    check_software(key, software)
    with tenant(firm=key.firm_id):
        if software is None:
            note_use(key)
        else:
            note_call(key, software=software)
    return Caller(key, software)
