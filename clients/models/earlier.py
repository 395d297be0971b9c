from typing import ClassVar

from django.db import models

from clients.models.companies import Company, CompanyMembership
from clients.models.files import Client
from common.work import WorkItem
from firms.models import Firm


class EarlierAccess(WorkItem):
    """An owner's agreement that a firm sees invoices filed before it was connected; the room of invoices does it."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(CompanyMembership, on_delete=models.PROTECT, related_name="+")
    #: Invoices dated from this day on; null is all of them.
    since = models.DateField(null=True, blank=True)
    #: The last invoice that was looked at.
    cursor = models.UUIDField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    wake_task: ClassVar[str] = "invoices.tasks.open_earlier"

    class Meta(WorkItem.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(finished_at__isnull=True), name="earlier_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client}"
