from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Header, Router, Status
from ninja.files import UploadedFile

from exports.api.errors import ApiError, not_found
from exports.api.v1.auth import caller_of
from exports.api.v1.schemas import DepositOut, ProblemOut, deposit_out
from exports.selectors.partner_deposits import find_deposit
from exports.services.partner_deposits import Refused, Sent, deposit_by_key
from firms.enums import Scope

router = Router()
_PROBLEMS = {401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 422: ProblemOut, 429: ProblemOut}


@router.post("", response={202: DepositOut, **_PROBLEMS}, url_name="deposits", summary="Déposer une facture")
def deposit(
    request: HttpRequest,
    file: File[UploadedFile],
    siren: Form[str | None] = None,
    idempotency_key: Header[str | None] = None,
) -> Status[dict[str, Any]]:
    """
    Un fichier (Factur-X, UBL, CII, PDF, image, ou ZIP) pour un client « Actif » du cabinet.

    `siren` est celui du client ; il peut manquer quand le fichier nomme en données structurées un seul client du
    cabinet, vendeur ou acheteur. `Idempotency-Key` : le même appel répété donne le même dépôt, jamais deux ; avec un
    autre contenu il est refusé (422).
    """
    caller = caller_of(request)
    caller.may(Scope.DEPOSIT)
    sent = Sent(file=file, siren=(siren or "").strip(), idempotency_key=(idempotency_key or "").strip())
    try:
        taken = deposit_by_key(caller.key, sent=sent)
    except Refused as refusal:
        raise ApiError(refusal.status, refusal.code, refusal.reason) from None
    return Status(202, deposit_out(taken.item, siren=taken.siren))


@router.get("/{uuid:pk}", response={200: DepositOut, **_PROBLEMS}, url_name="deposit", summary="Ce qu'il est devenu")
def detail(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """Ce qu'est devenu un dépôt fait par une clé de ce cabinet, ou un fichier de l'archive déposée."""
    caller = caller_of(request)
    caller.may(Scope.DEPOSIT)
    found = find_deposit(caller.firm_id, pk=pk)
    if found is None:
        raise not_found("Ce dépôt n'existe pas.")
    return deposit_out(found.item, siren=found.siren)
