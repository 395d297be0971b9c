"""Many invoices validated at once: each is looked at again under its lock, and those left alone are counted."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Case, F, PositiveSmallIntegerField, QuerySet, Value, When
from django.utils import timezone
from psycopg import sql

from clients.enums import ClientStatus
from clients.models import CompanyMembership
from common.journal import record_found
from common.permissions import require
from common.tenancy import tenant
from firms.models import Membership
from invoices.enums import Direction, FirmState, InvoiceState
from invoices.lifecycle import OF_STATE
from invoices.models import FirmInvoice, Invoice, InvoiceEvent
from invoices.permissions import can_decide

#: Rows of one transaction, and of one act: what comes after waits for the next one, and the page says how many.
BATCH: Final = 2000
MOST: Final = 10_000
#: What waits is counted up to this many beyond one act, and so is what is left alone.
MOST_COUNTED: Final = 10_000
#: Seconds after which no further chunk is begun.
PATIENCE: Final = 20.0
_READ: Final = MOST + MOST_COUNTED + 1
_WAITS: Final = InvoiceState.TO_VALIDATE

#: Why invoices were left alone: the words for one, and for several.
_REASONS: Final[Mapping[str, str]] = {
    InvoiceState.VALIDATED: "déjà validée,déjà validées",
    InvoiceState.REFUSED: "refusée,refusées",
    InvoiceState.DISPUTED: "en litige,en litige",
}
INACTIVE: Final = "dossier inactif,dossiers inactifs"
UNSEEN: Final = "introuvable,introuvables"

Actor = CompanyMembership | Membership
Row = TypeVar("Row")


@dataclass
class Outcome:
    """How many invoices were validated, how many were left alone, by reason, and how many still wait for a next act."""

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    left: int = 0


def validate_for_company(actor: Actor, *, invoices: QuerySet[Invoice]) -> Outcome:
    """« Validée » for those that are « À valider ». Needs the company's tenant."""
    require(can_decide(actor), "Vous ne pouvez pas décider de ces factures.")
    # What waits comes first: else an act that is gone on with would stop at the same invoices again.
    waiting = list(invoices.filter(state=_WAITS).values_list("pk", flat=True)[:_READ])
    decided = invoices.exclude(state=_WAITS).values_list("state", flat=True)[:MOST_COUNTED]
    refused = Counter(_REASONS[state] for state in decided)
    return _in_chunks(waiting, lambda chunk, outcome: _validate(actor, chunk, outcome), refused=refused)


def validate_for_firm(actor: Membership, *, parts: QuerySet[FirmInvoice]) -> Outcome:
    """For the « Actif » clients among them, each company in its own tenant and transaction; opened by this."""
    require(can_decide(actor), "Vous ne pouvez pas décider de ces factures.")
    with tenant(firm=actor.firm_id):
        active = parts.filter(client__status=ClientStatus.ACTIVE)
        waiting = list(active.filter(invoice_state=_WAITS).values_list("company_id", "invoice_id")[:_READ])
        decided = active.exclude(invoice_state=_WAITS).values_list("invoice_state", flat=True)[:MOST_COUNTED]
        refused = Counter(_REASONS[state] for state in decided)
        inactive = parts.exclude(client__status=ClientStatus.ACTIVE).values_list("pk", flat=True)
        refused[INACTIVE] = len(inactive[:MOST_COUNTED])

    def validate(chunk: Sequence[tuple[UUID, UUID]], outcome: Outcome) -> None:
        with tenant(firm=actor.firm_id, company=chunk[0][0]):
            _validate(actor, [invoice for _, invoice in chunk], outcome)

    return _in_chunks(sorted(waiting), validate, refused=refused, group=lambda row: row[0])


def _in_chunks(
    rows: Sequence[Row],
    act: Callable[[Sequence[Row], Outcome], None],
    *,
    refused: Counter[str],
    group: Callable[[Row], object] = lambda _row: None,
) -> Outcome:
    outcome, begun, at = Outcome(refused=refused), monotonic(), 0
    while at < min(len(rows), MOST) and monotonic() - begun < PATIENCE:
        end = at + 1
        while end < min(len(rows), MOST, at + BATCH) and group(rows[end]) == group(rows[at]):
            end += 1
        act(rows[at:end], outcome)
        at = end
    outcome.left = len(rows) - at
    return outcome


def _validate(actor: Actor, pks: Sequence[UUID], outcome: Outcome) -> None:
    locked = Invoice.objects.filter(pk__in=pks).order_by("pk").select_for_update()
    states = dict(locked.values_list("pk", "state"))
    reached = [pk for pk, state in states.items() if state == InvoiceState.TO_VALIDATE]
    outcome.done += len(reached)
    outcome.refused.update(_REASONS[state] for state in states.values() if state in _REASONS)
    if not reached:
        return
    now, approved = timezone.now(), OF_STATE[InvoiceState.VALIDATED].value
    status = Case(
        When(direction=Direction.PURCHASE, then=Value(approved)),
        default=F("noted_status"),
        output_field=PositiveSmallIntegerField(null=True),
    )
    Invoice.objects.filter(pk__in=reached).update(state=InvoiceState.VALIDATED, validated_at=now, noted_status=status)
    FirmInvoice.objects.filter(invoice__in=reached, state=FirmState.PENDING).update(
        state=FirmState.TO_TRANSFER, available_at=now, changed_at=now
    )
    _tell(actor, reached)


def _tell(actor: Actor, pks: Sequence[UUID]) -> None:
    rows = Invoice.objects.filter(pk__in=pks).values_list("pk", "company_id", "direction", "noted_status")
    InvoiceEvent.objects.bulk_create(
        (
            InvoiceEvent(
                company_id=company,
                invoice_id=pk,
                kind="validated",
                actor=actor.actor_name[:200],
                text="Facture validée avec d'autres, à transférer au cabinet.",
                status=status if direction == Direction.PURCHASE else None,
            )
            for pk, company, direction, status in rows
        ),
        batch_size=BATCH,
    )
    found = sql.SQL("SELECT id, 'Facture ' || number, '{{}}'::jsonb FROM invoices_invoice WHERE id = ANY({})").format(
        sql.Literal(list(pks))
    )
    record_found(actor, "invoice.validated", Invoice, found)
