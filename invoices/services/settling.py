"""What became of a deposit is written down: its state, why, and the step in its history."""

from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from common.typography import french
from invoices.enums import DUPLICATE_CONFIRMED, DepositState, Pairing
from invoices.models import Deposit, Invoice

#: Who did a step that nobody did.
MACHINE = "jefacture"
#: A history stays short: beyond, its oldest steps but the first go.
_MOST_STEPS = 60
_FIELDS = ("state", "reason_code", "reason", "wake_at", "finished_at", "invoice", "duplicate_of", "pairing", "steps")


class Outcome(NamedTuple):
    """What became of a deposit: its state, a short code and the sentence that a person reads."""

    state: DepositState
    code: str = ""
    reason: str = ""


def settle(deposit: Deposit, outcome: Outcome, *, actor: str = MACHINE, step: str = "") -> None:
    """Write down what became of it; `deposit.invoice` is set before, where there is one. `step` is for the history."""
    deposit.state, deposit.reason_code = outcome.state, outcome.code
    deposit.reason = french(outcome.reason)
    deposit.wake_at = None
    deposit.finished_at = timezone.now()
    if outcome.code not in ("duplicate", DUPLICATE_CONFIRMED):
        deposit.duplicate_of = None
    take_step(deposit, step or outcome.reason, actor=actor)
    deposit.save(update_fields=_FIELDS)


def join(deposit: Deposit, invoice: Invoice, pairing: Pairing, *, actor: str = MACHINE) -> None:
    """One more file of an invoice that is filed: the invoice stays as it is, and says that it has come."""
    deposit.invoice, deposit.pairing = invoice, pairing
    settle(deposit, Outcome(DepositState.FILED), actor=actor, step=f"Joint à la facture {invoice.number}")


def take_step(deposit: Deposit, text: str = "", *, actor: str = MACHINE) -> None:
    """A line of the deposit's history, in its present state; saved by the caller."""
    step = {
        "at": timezone.now().isoformat(),
        "state": DepositState(deposit.state).label,
        "text": french(text),
        "actor": actor[:200],
    }
    kept = list(deposit.steps)
    deposit.steps = [*kept[:1], *kept[1:][-_MOST_STEPS + 2 :], step]


def one_at_a_time(company_id: object) -> None:
    """
    Until the transaction ends, nobody else looks for the other file of an invoice of this company.

    A PDF and its XML that two workers read at the same moment would each look before the other is there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"pairing:{company_id}"])
