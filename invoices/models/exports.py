from typing import ClassVar

from django.db import models

from clients.models import Company, CompanyMembership
from common.archives.models import Archive, ArchiveState, Owner
from common.work import WorkItem


class CompanyExport(Archive):
    """« Quitter jefacture »: all that a company has here, as one archive that is kept for some days."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(CompanyMembership, on_delete=models.PROTECT, related_name="+")

    wake_task: ClassVar[str] = "invoices.tasks.export_company"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["company", "-created_at"], name="export_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(state=ArchiveState.RUNNING), name="export_one_at_a_time"
            )
        ]

    @property
    def owner(self) -> Owner:
        return {"company": self.company_id}
