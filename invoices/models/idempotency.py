from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.models import Company
from firms.models import ApiKey, Firm
from invoices.models.deposits import Deposit
from invoices.models.parcels import Parcel


class PartnerDeposit(models.Model):
    """
    One deposit by API: which firm's key made it and for whom: the firm finds it, and the same call is done once.

    It is never forgotten: an `Idempotency-Key` means the same call for as long as its API key lives.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    #: SHA-256 of what the call said: its file and its SIREN.
    fingerprint = models.CharField(max_length=64)
    #: Set by the transaction that makes the row.
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="partner_deposit_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def answered_id(self) -> UUID:
        """What the partner knows it by: the file's own id, or the archive's."""
        found = self.deposit_id or self.parcel_id
        assert found is not None  # noqa: S101 - see above: no row is seen without it
        return found
