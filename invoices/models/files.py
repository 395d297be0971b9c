from uuid import uuid4

from django.db import models

from clients.models import Company
from invoices.enums import FileKind
from invoices.models.invoices import Invoice


class InvoiceFile(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "kind"], name="invoice_file_of_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What it is, in words; a photo leaves on a page without data, which is no Factur-X."""
        if self.kind == FileKind.OUTGOING and self.invoice.container == "image":
            return "PDF lisible"
        return self.get_kind_display()
