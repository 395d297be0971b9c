from typing import Any, TypedDict
from uuid import UUID

from django.db import models
from django.utils import timezone

from common.work import WorkItem


class ArchiveState(models.TextChoices):
    RUNNING = "running", "En cours"
    READY = "ready", "Terminé"
    FAILED = "failed", "Échoué"
    STOPPED = "stopped", "Annulé"


class Owner(TypedDict, total=False):
    firm: UUID
    company: UUID


class Archive(WorkItem):
    """One archive, from the wish to the day its bytes go. A slice that ends adds a part and moves the place on."""

    state = models.CharField("état", max_length=8, choices=ArchiveState, default=ArchiveState.RUNNING)
    #: Rows to put in, and how many are in.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    #: The place: the section of the contents, and the last row of it that is in.
    section = models.PositiveSmallIntegerField(default=0, db_default=0)
    cursor = models.CharField(max_length=40, blank=True, default="", db_default="")
    #: Section → rows that are in.
    counts = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    #: What the storage holds of it so far (slices.Part); once it is ready, their bytes in this order are the archive.
    parts = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    #: Files that are in, lists included.
    files = models.PositiveIntegerField(default=0, db_default=0)
    #: The storage's folder that is its own; empty once that is emptied.
    stored_as = models.CharField(max_length=255, blank=True)
    #: Bytes that are in.
    size = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: From here on the folder is emptied.
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkItem.Meta):
        abstract = True

    def __str__(self) -> str:
        return "Export complet"

    @property
    def owner(self) -> Owner:
        """Whose it is, as arguments of tenant()."""
        raise NotImplementedError

    @property
    def is_running(self) -> bool:
        return self.state == ArchiveState.RUNNING

    @property
    def can_be_fetched(self) -> bool:
        return self.state == ArchiveState.READY and self.expires_at is not None and self.expires_at > timezone.now()

    @property
    def place(self) -> dict[str, Any]:
        """What tells a worker's attempt from that of any other that came later."""
        return {"attempts": self.attempts, "section": self.section, "cursor": self.cursor}
