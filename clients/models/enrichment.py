from typing import ClassVar

from django.db import models

from clients.enums import EnrichmentState
from common.pace import remaining
from common.work import WorkItem
from firms.models import Firm, Membership


class Enrichment(WorkItem):
    """« Compléter mes clients »: a firm's files looked up in the company directory, one after the other."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=EnrichmentState, default=EnrichmentState.RUNNING)
    #: The SIREN of the last file looked up: they are taken in that order.
    cursor = models.CharField(max_length=9, blank=True)
    total = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    ceased = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    wake_task: ClassVar[str] = "clients.tasks.run_enrichment"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["firm", "-created_at"], name="enrichment_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=models.Q(state=EnrichmentState.RUNNING), name="enrichment_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return "Complément des clients"

    @property
    def remaining(self) -> str:
        return remaining(self.created_at, done=self.checked, total=self.total)

    @property
    def is_running(self) -> bool:
        return self.state == EnrichmentState.RUNNING
