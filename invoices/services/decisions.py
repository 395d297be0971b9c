"""« À valider » → « Validée » or « Refusée », and back as long as no channel has served it."""

from django.utils import timezone

from clients.models import CompanyMembership
from common.journal import record
from common.permissions import require
from firms.models import Membership
from invoices.enums import FirmState, InvoiceState
from invoices.models import FirmInvoice, Invoice, InvoiceEvent
from invoices.permissions import can_decide
from invoices.services.filing import note

Actor = CompanyMembership | Membership
#: The kind of the timeline's line that a push channel writes once it has served the invoice.
DELIVERED = "delivered"
_NOT_ALLOWED = "Vous ne pouvez pas décider de cette facture."


class DecisionError(ValueError):
    """The invoice is not in a state that allows this; the message says so, in French."""


def validate(actor: Actor, *, invoice: Invoice) -> None:
    """« Validée »: each firm's part becomes « à transférer ». Needs the company's tenant; repeating it is an error."""
    locked = _lock(actor, invoice, InvoiceState.TO_VALIDATE, InvoiceState.DISPUTED)
    now = timezone.now()
    locked.state, locked.validated_at, locked.refusal_reason = InvoiceState.VALIDATED, now, ""
    locked.save(update_fields=["state", "validated_at", "refusal_reason"])
    FirmInvoice.objects.filter(invoice=locked, state=FirmState.PENDING).update(
        state=FirmState.TO_TRANSFER, available_at=now, changed_at=now
    )
    note(locked, "validated", actor=actor.actor_name, text="Facture validée, à transférer au cabinet.")
    record(actor, "invoice.validated", locked)


def refuse(actor: Actor, *, invoice: Invoice, reason: str) -> None:
    """« Refusée »: never without a reason. Raises DecisionError."""
    # Posted from a plain field: PostgreSQL keeps no NUL.
    said = reason.replace("\x00", "").strip()[:300]
    if not said:
        raise DecisionError("Indiquez le motif du refus.")
    locked = _lock(actor, invoice, InvoiceState.TO_VALIDATE, InvoiceState.DISPUTED)
    locked.state, locked.refusal_reason = InvoiceState.REFUSED, said
    locked.save(update_fields=["state", "refusal_reason"])
    note(locked, "refused", actor=actor.actor_name, text=f"Facture refusée : {locked.refusal_reason}")
    record(actor, "invoice.refused", locked, reason=locked.refusal_reason)


def undo(actor: Actor, *, invoice: Invoice) -> None:
    """Back to « À valider », unless a channel has served the invoice to a firm."""
    locked = _lock(actor, invoice, InvoiceState.VALIDATED, InvoiceState.REFUSED)
    parts = list(FirmInvoice.objects.select_for_update().filter(invoice=locked))
    served = InvoiceEvent.objects.filter(invoice=locked, kind=DELIVERED, at__gte=locked.validated_at or locked.filed_at)
    if any(part.state == FirmState.TRANSFERRED for part in parts) or served.exists():
        raise DecisionError("Cette facture a déjà été transférée : sa validation ne peut plus être annulée.")
    now = timezone.now()
    locked.state, locked.validated_at, locked.refusal_reason = InvoiceState.TO_VALIDATE, None, ""
    locked.save(update_fields=["state", "validated_at", "refusal_reason"])
    FirmInvoice.objects.filter(invoice=locked, state=FirmState.TO_TRANSFER).update(
        state=FirmState.PENDING, available_at=None, changed_at=now
    )
    note(locked, "undone", actor=actor.actor_name, text="Décision annulée : la facture est de nouveau à valider.")
    record(actor, "invoice.decision_undone", locked)


def _lock(actor: Actor, invoice: Invoice, *states: InvoiceState) -> Invoice:
    require(can_decide(actor), _NOT_ALLOWED)
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if locked.state not in states:
        raise DecisionError(f"Cette facture est déjà « {locked.get_state_display()} ».")
    return locked
