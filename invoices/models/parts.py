from uuid import uuid4

from django.db import models
from django.utils import timezone

from clients.models import Client, Company
from firms.models import Firm
from invoices.enums import Direction, FirmState
from invoices.models.invoices import Invoice


class FirmInvoice(models.Model):
    """« Part du cabinet »: what one firm sees of one invoice, from the moment it is filed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="parts")
    state = models.CharField("état", max_length=12, choices=FirmState, default=FirmState.PENDING)
    # Copied from the invoice, which never changes them: the firm's lists and the partner API read this table alone.
    direction = models.CharField(max_length=2, choices=Direction)
    issue_date = models.DateField()
    #: The name that partner software sees, stable and unique.
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "invoice"], name="firm_invoice_once"),
            models.UniqueConstraint(fields=["firm", "file_name"], name="firm_invoice_name"),
        ]
        indexes = [
            models.Index(fields=["firm", "-issue_date", "-id"], name="firm_invoice_latest"),
            models.Index(fields=["firm", "client", "direction", "state", "available_at"], name="firm_invoice_pull"),
            models.Index(fields=["firm", "state", "-issue_date", "-id"], name="firm_invoice_by_state"),
        ]

    def __str__(self) -> str:
        return self.file_name
