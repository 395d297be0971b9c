"""A worker opens what was deposited, and makes an invoice of it or says why not."""

from decimal import Decimal
from typing import NamedTuple, cast
from uuid import UUID

from django.db import transaction
from django.db.models import CharField
from django.utils import timezone

from clients.models import Company
from common import vault
from common.identifiers import format_siren
from common.isolation import IsolationError
from common.tenancy import tenant
from common.typography import french
from common.work import begin_attempt, retry_delay
from invoices.enums import DepositState, Direction
from invoices.formats.errors import InvoiceRefused
from invoices.formats.model import Invoice as TypedInvoice
from invoices.models import Deposit, Invoice
from invoices.opening import OpenedInvoice, Quarantined, open_invoice
from invoices.services.filing import DuplicateInvoiceError, file_invoice

#: A file that ended its worker, or could not be read for another reason, this often (some hours) is put aside.
MAX_ATTEMPTS = 12


class Outcome(NamedTuple):
    """What became of a deposit: its state, a short code and the sentence that a person reads."""

    state: DepositState
    code: str = ""
    reason: str = ""


#: The first amount that numeric(18, 4) does not hold.
_TOO_MUCH = Decimal(10) ** 14
_GIVEN_UP = Outcome(
    DepositState.QUARANTINED,
    "unreadable",
    "Ce fichier n'a pas pu être ouvert sans risque. Il est conservé ; l'assistance peut l'examiner.",
)
_NOT_RENDERED = (
    "Cette facture est lisible, mais sa version PDF n'a pas pu être préparée. "
    "Le fichier est conservé ; l'assistance peut l'examiner."
)
_STATE_IT = "Indiquez ce que dit la facture pour la classer."
_ASK_AGAIN = "Demandez une facture corrigée à son émetteur et déposez-la ; ce fichier est conservé."


def process(deposit_id: UUID) -> None:
    """Open one deposit and make of it an invoice, or say why not. Run by a worker; running it again is harmless."""
    with tenant(platform="a worker learns which company a deposit belongs to"):
        deposit = Deposit.claim(deposit_id)
        if deposit is None:
            return
        begin_attempt(deposit)
    with tenant(company=deposit.company_id):
        claimed = Deposit.claim(deposit_id)
        if claimed is None:
            return
        settle(claimed, _GIVEN_UP if claimed.attempts > MAX_ATTEMPTS else _open_and_file(claimed))


def note_failure(deposit_id: UUID, *, error: str) -> None:
    """An attempt broke for a reason that need not be the file's (storage, database): try again later."""
    with tenant(platform="a worker knows a deposit by its id alone"):
        deposit = Deposit.claim(deposit_id)
        if deposit is not None:
            deposit.last_error, deposit.wake_at = error, timezone.now() + retry_delay(deposit.attempts)
            deposit.save(update_fields=["last_error", "wake_at"])


def _open_and_file(deposit: Deposit) -> Outcome:
    try:
        with vault.as_local_file(deposit.stored_as) as path:
            opened = open_invoice(path)
        return _file(deposit, opened)
    except InvoiceRefused as refusal:
        return Outcome(DepositState.REFUSED, refusal.code, refusal.reason)
    except Quarantined as breach:
        return Outcome(DepositState.QUARANTINED, breach.code, breach.reason)
    except DuplicateInvoiceError as duplicate:
        return Outcome(DepositState.HELD, "duplicate", str(duplicate))
    except IsolationError:
        return Outcome(DepositState.QUARANTINED, "rendering", _NOT_RENDERED)


def _file(deposit: Deposit, opened: OpenedInvoice) -> Outcome:
    typed = opened.invoice
    if typed is None:
        return _without_data(opened)
    direction = direction_for(deposit.company, typed)
    if direction is None:
        return Outcome(DepositState.HELD, "other_company", _other_company(deposit.company, typed))
    if missing := _missing(typed):
        reason = f"Il manque à cette facture : {missing}. {_STATE_IT}"
        return Outcome(DepositState.INCOMPLETE, "missing_terms", reason)
    if too_long := oversized(typed):
        reason = f"Trop long pour une facture : {too_long}. {_ASK_AGAIN}"
        return Outcome(DepositState.REFUSED, "unreadable_value", reason)
    # Where the PDF cannot be made, no row of the invoice stays either.
    with transaction.atomic():
        deposit.invoice = file_invoice(deposit, direction=direction, opened=opened, typed=typed)
    return Outcome(DepositState.FILED)


def settle(deposit: Deposit, outcome: Outcome) -> None:
    """Write down what became of it; `deposit.invoice` is set before, where there is one."""
    deposit.state, deposit.reason_code = outcome.state, outcome.code
    deposit.reason = french(outcome.reason)
    deposit.wake_at = None
    deposit.finished_at = timezone.now()
    deposit.save(update_fields=["state", "reason_code", "reason", "wake_at", "finished_at", "invoice"])


def _without_data(opened: OpenedInvoice) -> Outcome:
    reason = opened.reason or "Ce fichier ne contient pas de données de facture."
    if opened.container in ("pdf", "image"):
        return Outcome(DepositState.INCOMPLETE, "no_data", f"{reason} {_STATE_IT}")
    return Outcome(DepositState.REFUSED, "not_an_invoice", reason)


def direction_for(company: Company, typed: TypedInvoice) -> Direction | None:
    """Which side the company is on, by the structured legal identifiers alone; None where it is on neither or both."""
    sells = typed.seller.siren == company.siren
    buys = typed.buyer.siren == company.siren
    if sells == buys:
        return None
    return Direction.SALE if sells else Direction.PURCHASE


def _other_company(company: Company, typed: TypedInvoice) -> str:
    if typed.seller.siren == typed.buyer.siren == company.siren:
        return "Le vendeur et l'acheteur portent le même SIREN : dites s'il s'agit d'un achat ou d'une vente."
    found = [
        f"{word} {party.name or '?'} ({format_siren(party.siren) if party.siren else 'sans SIREN'})"
        for word, party in (("vendeur", typed.seller), ("acheteur", typed.buyer))
    ]
    return (
        f"Cette facture n'est pas celle de {company.name} ({format_siren(company.siren)}) : {', '.join(found)}. "
        "Vérifiez que vous déposez dans le bon espace."
    )


def _missing(typed: TypedInvoice) -> str:
    terms = [("le numéro", typed.number), ("la date", typed.issue_date)]
    return ", ".join(word for word, value in terms if not value)


def oversized(typed: TypedInvoice) -> str:
    """What no column of an invoice holds: a mistake of the software that wrote the file."""
    totals = typed.totals
    words = [("le numéro", "number"), ("le type", "type_code"), ("la devise", "currency")]
    found = [word for word, term in words if len(getattr(typed, term) or "") > _length_of(term)]
    amounts = (totals.without_vat, totals.vat, totals.with_vat, totals.amount_due)
    if any(abs(amount) >= _TOO_MUCH for amount in amounts if amount is not None):
        found.append("les totaux")
    return ", ".join(found)


def _length_of(column: str) -> int:
    field = cast("CharField[str, str]", Invoice._meta.get_field(column))
    return field.max_length or 0
