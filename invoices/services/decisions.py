"""« À valider » → « Validée », « Refusée » or « En litige », and back as long as no channel has served it.

On a purchase each of them is a status of the French lifecycle as well (see invoices.lifecycle).
"""

from typing import Any, Final

from django.utils import timezone

from clients.models import CompanyMembership
from common.journal import System, record
from common.permissions import require
from common.typography import french
from firms.models import Membership
from invoices.enums import Direction, FirmState, InvoiceState
from invoices.lifecycle import LABELS, OF_STATE, PAID, REASONS_OF, STATE_OF, Status, may_follow, reason_words, status_of
from invoices.models import FirmInvoice, Invoice, InvoiceEvent
from invoices.permissions import can_decide
from invoices.services.timeline import note

Actor = CompanyMembership | Membership
#: Who validates by a rule of the company (see invoices.services.automatic).
RULE = System(actor_name="Validation automatique")
#: The kind of the timeline's line that a push channel writes once it has served the invoice.
DELIVERED = "delivered"
_NOT_ALLOWED = "Vous ne pouvez pas décider de cette facture."
_SERVED = "Cette facture a déjà été transférée : sa validation ne peut plus être annulée."

#: The decisions, as data: from which states each is taken, and the state that it leads to.
VALIDATE, REFUSE, DISPUTE, UNDO = "validate", "refuse", "dispute", "undo"
_S = InvoiceState
DECISIONS: Final[dict[str, tuple[tuple[InvoiceState, ...], InvoiceState]]] = {
    VALIDATE: ((_S.TO_VALIDATE, _S.DISPUTED), _S.VALIDATED),
    REFUSE: ((_S.TO_VALIDATE, _S.DISPUTED), _S.REFUSED),
    DISPUTE: ((_S.TO_VALIDATE, _S.VALIDATED), _S.DISPUTED),
    UNDO: ((_S.VALIDATED, _S.REFUSED, _S.DISPUTED), _S.TO_VALIDATE),
}


class DecisionError(ValueError):
    """The invoice is not in a state that allows this; the message says so, in French."""


def validate(actor: Actor, *, invoice: Invoice) -> None:
    """« Validée »: each firm's part becomes « à transférer ». Needs the company's tenant; repeating it is an error."""
    locked = _lock(actor, invoice, VALIDATE)
    _validated(actor, locked, text="Facture validée, à transférer au cabinet.")


def validate_by_rule(invoice: Invoice, *, rule: str) -> None:
    """As a rule of the company says, in the transaction that files the invoice."""
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    _validated(RULE, locked, text=f"Facture validée par la règle : {rule}.", rule=rule)
    invoice.state, invoice.validated_at, invoice.noted_status = locked.state, locked.validated_at, locked.noted_status


def refuse(actor: Actor, *, invoice: Invoice, reason: str, code: str = "AUTRE") -> None:
    """« Refusée », with a code of invoices.lifecycle; « AUTRE » needs words. Raises DecisionError."""
    words = _reason(Status.REFUSED, code, reason, missing="Indiquez le motif du refus.")
    locked = _lock(actor, invoice, REFUSE)
    _move(locked, _S.REFUSED, code=code, words=words)
    _tell(actor, locked, "refused", text=f"Facture refusée : {words}", code=code)
    record(actor, "invoice.refused", locked, reason=words, code=code)


def dispute(actor: Actor, *, invoice: Invoice, reason: str, code: str = "AUTRE") -> None:
    """« En litige »: it waits, and no firm fetches it meanwhile. Not once a channel has served it."""
    words = _reason(Status.DISPUTED, code, reason, missing="Indiquez le motif du litige.")
    locked = _lock(actor, invoice, DISPUTE)
    _take_back(locked)
    _move(locked, _S.DISPUTED, code=code, words=words)
    _tell(actor, locked, "disputed", text=f"Facture en litige : {words}", code=code)
    record(actor, "invoice.disputed", locked, reason=words, code=code)


def undo(actor: Actor, *, invoice: Invoice) -> None:
    """Back to « À valider », unless a channel has served the invoice to a firm."""
    locked = _lock(actor, invoice, UNDO)
    _take_back(locked)
    _move(locked, _S.TO_VALIDATE)
    _tell(actor, locked, "undone", text="Décision annulée : la facture est de nouveau à valider.")
    record(actor, "invoice.decision_undone", locked)


def note_status(actor: Actor, *, invoice: Invoice, status: Status, reason: str = "", code: str = "") -> None:
    """Note a status of the lifecycle; one of a purchase that decides is that decision. Raises DecisionError."""
    require(can_decide(actor), _NOT_ALLOWED)
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    now = status_of(locked.direction, locked.state, locked.noted_status)
    if not may_follow(locked.direction, now, status):
        raise DecisionError(f"« {LABELS[status]} » ne peut pas suivre « {LABELS[now]} ».")
    words = _words_of(status, code, reason)
    state = STATE_OF[status] if locked.direction == Direction.PURCHASE else InvoiceState(locked.state)
    if state in (_S.REFUSED, _S.DISPUTED) and state != locked.state:
        act = refuse if state == _S.REFUSED else dispute
        act(actor, invoice=locked, reason=reason, code=code)
    elif state == _S.VALIDATED and state != locked.state:
        text = f"{LABELS[status]}, à transférer au cabinet."
        _validated(actor, locked, text=f"{text} {words}".strip(), status=status, code=code)
    else:
        locked.noted_status = status
        locked.save(update_fields=["noted_status"])
        _tell(actor, locked, "status", text=" : ".join(filter(None, [LABELS[status], words])), code=code)
        record(actor, "invoice.status_noted", locked, status=f"{status.value} {LABELS[status]}")


def _validated(
    actor: Actor | System, locked: Invoice, *, text: str, status: Status | None = None, code: str = "", rule: str = ""
) -> None:
    _move(locked, _S.VALIDATED, status=status)
    now = locked.validated_at
    FirmInvoice.objects.filter(invoice=locked, state=FirmState.PENDING).update(
        state=FirmState.TO_TRANSFER, available_at=now, changed_at=now
    )
    _tell(actor, locked, "validated", text=text, code=code)
    data: dict[str, Any] = {"rule": rule} if rule else {}
    record(actor, "invoice.validated", locked, **data)


def _move(
    locked: Invoice, state: InvoiceState, *, code: str = "", words: str = "", status: Status | None = None
) -> None:
    locked.state, locked.reason_code, locked.refusal_reason = state, code, words
    locked.validated_at = timezone.now() if state == _S.VALIDATED else None
    if locked.direction == Direction.PURCHASE:
        locked.noted_status = status or OF_STATE[state]
    locked.save(update_fields=["state", "validated_at", "reason_code", "refusal_reason", "noted_status"])


def _take_back(locked: Invoice) -> None:
    """
    What each firm could fetch waits again. Raises DecisionError where one has it.

    The parts are locked: whoever serves one at this moment has either done so, and is seen here, or finds it gone.
    """
    if locked.direction == Direction.PURCHASE and locked.noted_status in PAID:
        raise DecisionError("Le paiement de cette facture est noté : sa validation ne peut plus être annulée.")
    parts = list(FirmInvoice.objects.select_for_update().filter(invoice=locked))
    served = InvoiceEvent.objects.filter(invoice=locked, kind=DELIVERED, at__gte=locked.validated_at or locked.filed_at)
    if any(part.state == FirmState.TRANSFERRED for part in parts) or served.exists():
        raise DecisionError(_SERVED)
    FirmInvoice.objects.filter(invoice=locked, state=FirmState.TO_TRANSFER).update(
        state=FirmState.PENDING, available_at=None, changed_at=timezone.now()
    )


def _tell(actor: Actor | System, locked: Invoice, kind: str, *, text: str, code: str = "") -> None:
    tells_status = kind == "status" or locked.direction == Direction.PURCHASE
    status = locked.noted_status if tells_status else None
    note(locked, kind, actor=actor.actor_name, text=french(text), status=status, reason_code=code)


def _words_of(status: Status, code: str, said: str) -> str:
    if status in REASONS_OF:
        return _reason(status, code, said, missing=f"Indiquez le motif de « {LABELS[status]} ».")
    return _clean(said)


def _reason(status: Status, code: str, said: str, *, missing: str) -> str:
    if code not in REASONS_OF[status]:
        raise DecisionError("Choisissez un motif de la liste.")
    words = _clean(said)
    if code == "AUTRE" and not words:
        raise DecisionError(missing)
    return reason_words(code, words)[:300]


def _clean(said: str) -> str:
    # Posted from a plain field: PostgreSQL keeps no NUL.
    return said.replace("\x00", "").strip()[:300]


def _lock(actor: Actor, invoice: Invoice, act: str) -> Invoice:
    require(can_decide(actor), _NOT_ALLOWED)
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if locked.state not in DECISIONS[act][0]:
        raise DecisionError(f"Cette facture est déjà « {locked.get_state_display()} ».")
    return locked
