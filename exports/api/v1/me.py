from typing import Any

from django.http import HttpRequest
from ninja import Router

from exports.api.keys import CALLS_PER_MINUTE
from exports.api.v1.auth import caller_of
from exports.api.v1.schemas import MeOut, ProblemOut
from invoices.services.receiving import MAX_ARCHIVE_BYTES, MAX_BYTES

router = Router()


@router.get("/me", response={200: MeOut, 401: ProblemOut}, url_name="me", summary="Le cabinet et la clé")
def me(request: HttpRequest) -> dict[str, Any]:
    """Qui appelle, ce que la clé permet, et ses limites."""
    key = caller_of(request).key
    limits = {
        "calls_per_minute": CALLS_PER_MINUTE,
        "file_bytes": MAX_BYTES,
        "archive_bytes": MAX_ARCHIVE_BYTES,
    }
    firm = {"name": key.firm.name, "siret": key.firm.siret}
    return {"firm": firm, "key": key.name, "scopes": key.scopes, "limits": limits}
