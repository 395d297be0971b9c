"""Two headers on every call: X-API-KEY says which firm, X-SOFTWARE-ID which software."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.http import HttpRequest

from common.clientip import client_ip
from exports.api.comapi.errors import ApiError
from exports.api.limits import seconds_to_wait
from exports.selectors.pull import enabled_software
from firms.enums import Scope
from firms.keys import find_key, may_call_from, note_refusal
from firms.models import ApiKey, PartnerSoftware

logger = structlog.get_logger(__name__)

#: A client that fetches 10,000 invoices one after the other, each in 10 ms, stays below it.
KEY_RATE = "6000/m"
#: Wrong keys of one address, or right ones that may not be used there. Right keys are never held up by them: one
#: address may serve many firms.
WRONG_KEY_RATE = "30/m"


@dataclass(frozen=True)
class Caller:
    key: ApiKey
    software: PartnerSoftware

    @property
    def firm_id(self) -> UUID:
        return self.key.firm_id


def authenticate(request: HttpRequest) -> Caller:
    """Raises ApiError: 401 for the key, 403 for where it comes from, its software or its scopes, 429 for too many."""
    key = _key_of(request)
    _hold_up(seconds_to_wait(request, group="comapi.key", caller=str(key.pk), rate=KEY_RATE))
    software = _software_of(request)
    if key.software_id not in (None, software.pk):
        raise ApiError(403, "wrong_software", "Cette clé API est réservée à un autre logiciel.")
    if Scope.READ not in key.scopes:
        raise ApiError(403, "scope_missing", "Cette clé API n'a pas le droit de lire les factures.")
    return Caller(key, software)


def _key_of(request: HttpRequest) -> ApiKey:
    raw = request.headers.get("X-API-KEY", "").strip()
    if not raw:
        raise ApiError(401, "missing_key", "L'en-tête X-API-KEY est absent.")
    key, address = find_key(raw), client_ip(request)
    if key is None:
        _hold_up_address(request, address)
        raise ApiError(401, "unknown_key", "Cette clé API est inconnue, expirée ou révoquée.")
    if not may_call_from(key, address):
        logger.warning("api_key.refused", key=str(key.pk), firm=str(key.firm_id), address=address)
        note_refusal(key, address=address)
        # Before the key's own count: who stole it from elsewhere does not use up its software's calls.
        _hold_up_address(request, address)
        raise ApiError(403, "address_not_allowed", "Cette clé API n'est pas acceptée depuis cette adresse.")
    return key


def _hold_up_address(request: HttpRequest, address: str | None) -> None:
    _hold_up(seconds_to_wait(request, group="comapi.wrong_key", caller=address or "unknown", rate=WRONG_KEY_RATE))


def _software_of(request: HttpRequest) -> PartnerSoftware:
    raw = request.headers.get("X-SOFTWARE-ID", "").strip()
    if not raw:
        raise ApiError(403, "missing_software", "L'en-tête X-SOFTWARE-ID est absent.")
    try:
        software = enabled_software(UUID(raw))
    except ValueError:
        software = None
    if software is None:
        raise ApiError(403, "unknown_software", "Ce logiciel est inconnu ou désactivé.")
    return software


def _hold_up(seconds: int) -> None:
    if seconds:
        raise ApiError(429, "too_many_calls", f"Trop d'appels : réessayez dans {seconds} s.", Retry_After=str(seconds))
