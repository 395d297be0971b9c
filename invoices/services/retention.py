"""« Conservation prolongée »: an invoice that somebody holds stays beyond its date, until the hold is lifted."""

from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.models import CompanyMembership
from common.journal import record
from common.permissions import require
from common.typography import french
from firms.models import Membership
from invoices.models import Invoice, InvoiceHold
from invoices.permissions import can_hold
from invoices.services.timeline import note

Actor = CompanyMembership | Membership
_WHO: Final = "Seul un propriétaire de l'espace ou un administrateur du cabinet prolonge la conservation."
_HELD: Final = "La conservation de cette facture est déjà prolongée."
_NOT_HELD: Final = "La conservation de cette facture n'est pas prolongée."


class HoldError(ValueError):
    """The hold cannot be placed or lifted; the message says why, in French."""


def place_hold(actor: Actor, *, invoice: Invoice, reason: str) -> InvoiceHold:
    """Needs the company's tenant. Raises HoldError."""
    require(can_hold(actor), _WHO)
    Invoice.objects.select_for_update().get(pk=invoice.pk)  # what has expired may be removed at this moment
    hold = InvoiceHold(
        company_id=invoice.company_id, invoice=invoice, reason=_said(reason), placed_by=actor.actor_name[:200]
    )
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError as error:
        raise HoldError(_HELD) from error
    text = french(f"Conservation prolongée : {hold.reason}")
    note(invoice, "held", actor=actor.actor_name, text=text)
    record(actor, "invoice.held", invoice, reason=hold.reason)
    return hold


def lift_hold(actor: Actor, *, invoice: Invoice, reason: str) -> None:
    """Needs the company's tenant. Raises HoldError."""
    require(can_hold(actor), _WHO)
    said = _said(reason)
    hold = InvoiceHold.objects.select_for_update().filter(invoice=invoice, lifted_at__isnull=True).first()
    if hold is None:
        raise HoldError(_NOT_HELD)
    hold.lifted_by, hold.lifted_at, hold.lift_reason = actor.actor_name[:200], timezone.now(), said
    hold.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    text = french(f"Prolongation de la conservation levée : {said}")
    note(invoice, "released", actor=actor.actor_name, text=text)
    record(actor, "invoice.released", invoice, reason=said)


def _said(reason: str) -> str:
    # Posted from a plain field: PostgreSQL keeps no NUL.
    said = reason.replace("\x00", "").strip()[:300]
    if not said:
        raise HoldError("Indiquez le motif.")
    return said
