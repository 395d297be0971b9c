"""The key of a call, for every API: in force, from where it may call, not too often, for the software that it names."""

from uuid import UUID

import structlog
from django.http import HttpRequest

from common.clientip import client_ip
from exports.api.errors import ApiError
from exports.api.limits import seconds_to_wait
from exports.selectors.pull import enabled_software
from firms.enums import Scope
from firms.keys import find_key, may_call_from, note_refusal
from firms.models import ApiKey, PartnerSoftware

logger = structlog.get_logger(__name__)

#: A client that fetches 10,000 invoices one after the other, each in 10 ms, stays below it.
KEY_RATE = "6000/m"
CALLS_PER_MINUTE = int(KEY_RATE.removesuffix("/m"))
#: Wrong keys of one address, or right ones that may not be used there. Right keys are never held up by them: one
#: address may serve many firms.
WRONG_KEY_RATE = "30/m"

_FORBIDDEN = {
    Scope.READ: "Cette clé API n'a pas le droit de lire les factures.",
    Scope.ACKNOWLEDGE: "Cette clé API n'a pas le droit d'acquitter les factures.",
    Scope.DEPOSIT: "Cette clé API n'a pas le droit de déposer des factures.",
}


def key_in_force(request: HttpRequest, raw: str) -> ApiKey:
    """The key with this value, once its call is counted. Raises ApiError: 401, 403 for where it comes from, 429."""
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
    _hold_up(seconds_to_wait(request, group="comapi.key", caller=str(key.pk), rate=KEY_RATE))
    return key


def named_software(raw: str) -> PartnerSoftware:
    """The enabled software with this id. Raises ApiError (403)."""
    try:
        software = enabled_software(UUID(raw))
    except ValueError:
        software = None
    if software is None:
        raise ApiError(403, "unknown_software", "Ce logiciel est inconnu ou désactivé.")
    return software


def check_software(key: ApiKey, software: PartnerSoftware | None) -> None:
    """Raises ApiError (403) where the key is another software's."""
    if key.software_id is not None and (software is None or key.software_id != software.pk):
        raise ApiError(403, "wrong_software", "Cette clé API est réservée à un autre logiciel.")


def check_scope(key: ApiKey, scope: Scope) -> None:
    """Raises ApiError (403)."""
    if scope not in key.scopes:
        raise ApiError(403, "scope_missing", _FORBIDDEN[scope])


def _hold_up_address(request: HttpRequest, address: str | None) -> None:
    _hold_up(seconds_to_wait(request, group="comapi.wrong_key", caller=address or "unknown", rate=WRONG_KEY_RATE))


def _hold_up(seconds: int) -> None:
    if seconds:
        raise ApiError(429, "too_many_calls", f"Trop d'appels : réessayez dans {seconds} s.", Retry_After=str(seconds))
