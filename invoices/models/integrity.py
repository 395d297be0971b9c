from typing import ClassVar

from django.db import models

from common.models import Seal


class EventSeal(Seal):
    """Of a line of a timeline; the chain is that of the company."""

    line: ClassVar[str] = "invoices.InvoiceEvent"
    sealed: ClassVar[tuple[str, ...]] = (
        "id",
        "company_id",
        "invoice_id",
        "at",
        "kind",
        "actor",
        "text",
        "status",
        "reason_code",
    )
    told: ClassVar[str] = "archive.events_sealed"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="event_seal_place")]
