"""How long an invoice is kept, whether somebody holds it, and whether its bytes are what they were."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from clients.models import CompanyMembership
from common.integrity.rolling import READING, last_look
from common.models import ArchiveRound
from firms.models import Membership
from invoices.models import Invoice, InvoiceFile, InvoiceHold
from invoices.models.retention import kept_until
from invoices.permissions import can_hold


@dataclass(frozen=True)
class Kept:
    until: date
    #: With whether the last look found it altered or missing.
    files: list[tuple[InvoiceFile, bool]]
    #: The one that stands, and those that were lifted, latest first.
    hold: InvoiceHold | None
    lifted: list[InvoiceHold]
    looked_at: datetime | None
    may_hold: bool


def kept(actor: CompanyMembership | Membership, invoice: Invoice) -> Kept:
    holds = list(InvoiceHold.objects.filter(invoice=invoice).order_by("-placed_at"))
    broken = _broken()
    return Kept(
        until=kept_until(invoice),
        files=[(file, file.stored_as in broken) for file in invoice.files.order_by("kind")],
        hold=next((hold for hold in holds if hold.lifted_at is None), None),
        lifted=[hold for hold in holds if hold.lifted_at is not None],
        looked_at=last_look(),
        may_hold=can_hold(actor),
    )


def _broken() -> set[str]:
    """Names of objects that the rolling look has found to be something else, in this round or the last."""
    problems: list[dict[str, Any]] = []
    for look in ArchiveRound.objects.filter(name=READING.name):
        problems += [*look.last_problems, *look.problems]
    return {str(problem["object"]) for problem in problems if "object" in problem}
