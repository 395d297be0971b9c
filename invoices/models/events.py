from django.db import models
from django.utils import timezone

from clients.models import Company
from invoices.models.invoices import Invoice


class InvoiceEvent(models.Model):
    """One line of the invoice's timeline."""

    id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=200)
    text = models.CharField(max_length=500)
    #: The status of the French lifecycle that the invoice took by this (see invoices.lifecycle), and why.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    reason_code = models.CharField(max_length=20, blank=True, db_default="")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["invoice", "id"], name="invoice_timeline")]

    def __str__(self) -> str:
        return self.text
