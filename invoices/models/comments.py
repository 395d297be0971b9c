from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models import User
from clients.models import Company
from invoices.models.invoices import Invoice


class InvoiceComment(models.Model):
    """What somebody wrote about an invoice, for the company and its firms; never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="comments")
    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    #: The names as they were then: of the person, and of the company or firm that he or she wrote for.
    author = models.CharField(max_length=200)
    house = models.CharField(max_length=200)
    text = models.TextField(max_length=2000)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["invoice", "at"], name="invoice_comments")]

    def __str__(self) -> str:
        return self.text[:80]
