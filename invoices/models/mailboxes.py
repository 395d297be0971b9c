from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.models import Company, CompanyMembership
from invoices.enums import Direction


class Mailbox(models.Model):
    """An e-mail address of a company where invoices come in; renewed, the former one takes nothing any more."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=2, choices=Direction)
    #: Lower case, with random characters: whoever knows it may write to the company.
    local_part = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "direction"], condition=Q(ended_at__isnull=True), name="mailbox_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        return f"{self.local_part}@{settings.INVOICE_MAIL_DOMAIN}"


class KnownSender(models.Model):
    """Somebody outside the company whose e-mails are taken without asking."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    #: Lower case.
    address = models.CharField(max_length=254)
    added_by = models.ForeignKey(CompanyMembership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "address"], name="known_sender_once")]

    def __str__(self) -> str:
        return self.address
