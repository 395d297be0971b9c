from datetime import date
from typing import Final
from uuid import uuid4

from django.db import models
from django.utils import timezone

from clients.models import Company
from invoices.models.invoices import Invoice

#: « dix ans » (Code de commerce, L123-22) from the end of the financial year. That year ends at the latest with the
#: calendar year after the invoice's; the database has the same rule (kept_until, in the migrations).
YEARS: Final = 11


def kept_until(invoice: Invoice) -> date:
    """The last day on which nothing of the invoice may be removed."""
    return date(max(invoice.issue_date.year, timezone.localdate(invoice.filed_at).year) + YEARS, 12, 31)


class InvoiceHold(models.Model):
    """« Conservation prolongée »: nothing of the invoice is removed while it stands, whatever its date."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=300)
    placed_by = models.CharField(max_length=200)
    placed_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.CharField(max_length=200, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(lifted_at__isnull=True), name="invoice_hold_once"
            )
        ]

    def __str__(self) -> str:
        return self.reason
