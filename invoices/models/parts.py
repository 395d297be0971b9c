from typing import Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from clients.models import Client, Company
from firms.models import Firm
from invoices.enums import Direction, FirmState, InvoiceState, Verdict
from invoices.models.invoices import Invoice

COPIED_AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 4, "null": True, "editable": False}


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
    # Copied by a trigger whenever the invoice is written, for the same reason (see the migration of the lists).
    number = models.CharField(max_length=100, db_default="", editable=False)
    other_party = models.CharField(max_length=300, db_default="", editable=False)
    currency = models.CharField(max_length=3, db_default="EUR", editable=False)
    total_without_vat = models.DecimalField(**COPIED_AMOUNT)
    total_vat = models.DecimalField(**COPIED_AMOUNT)
    total_with_vat = models.DecimalField(**COPIED_AMOUNT)
    amount = models.BigIntegerField(db_default=0, editable=False)
    invoice_state = models.CharField(
        max_length=12, choices=InvoiceState, db_default=InvoiceState.TO_VALIDATE, editable=False
    )
    verdict = models.CharField(max_length=10, choices=Verdict, db_default=Verdict.UNCHECKED, editable=False)
    differs = models.BooleanField(db_default=False, editable=False)
    search = models.TextField(db_default="", editable=False)
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
            # With the client, so that counts of what one member sees read no more than the index.
            models.Index(
                fields=["firm", "-issue_date", "-id"], include=["client", "direction"], name="firm_invoice_by_date"
            ),
            models.Index(fields=["firm", "client", "direction", "state", "available_at"], name="firm_invoice_pull"),
            models.Index(
                fields=["firm", "state", "-issue_date", "-id"], include=["client"], name="firm_invoice_in_state"
            ),
            models.Index(
                fields=["firm", "invoice_state", "-issue_date", "-id"], include=["client"], name="firm_invoice_decided"
            ),
            models.Index(
                fields=["firm", "verdict", "-issue_date", "-id"], include=["client"], name="firm_invoice_by_verdict"
            ),
            models.Index(fields=["firm", "client", "-issue_date", "-id"], name="firm_invoice_by_client"),
            models.Index(fields=["firm", "amount", "id"], name="firm_invoice_by_amount"),
            models.Index(fields=["firm", "number", "id"], name="firm_invoice_by_number"),
        ]

    def __str__(self) -> str:
        return self.file_name
