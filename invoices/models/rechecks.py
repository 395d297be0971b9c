from typing import ClassVar

from django.db import models

from clients.models import Company
from common.work import WorkItem


class RecheckState(models.TextChoices):
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Échoué"


class Recheck(WorkItem):
    """A company's invoices of a period, checked again by the rules of today; invoice after invoice, by their ids."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    started_by = models.CharField(max_length=200)
    state = models.CharField("état", max_length=8, choices=RecheckState, default=RecheckState.RUNNING)
    since = models.DateField()
    until = models.DateField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    #: The last invoice that was checked.
    cursor = models.UUIDField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    wake_task: ClassVar[str] = "invoices.tasks.recheck"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["company", "-created_at"], name="recheck_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(state="running"), name="recheck_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Contrôles du {self.since:%d/%m/%Y} au {self.until:%d/%m/%Y}"

    @property
    def is_running(self) -> bool:
        return self.state == RecheckState.RUNNING
