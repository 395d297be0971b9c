from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Value

from accounts.models import User
from clients.models import Company
from common.work import WorkItem
from invoices.enums import Channel, Direction, ParcelKind, ParcelState
from invoices.models.mailboxes import Mailbox


class Parcel(WorkItem):
    """Something that came in and holds files: a ZIP or an e-mail, kept before anything opened it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=ParcelKind)
    channel = models.CharField(max_length=12, choices=Channel)
    deposited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: The firm that deposited it for its client, where it was one.
    firm_id = models.UUIDField(null=True, blank=True)
    #: What arrived together has one batch: the files of this parcel, and what else came with it.
    batch = models.UUIDField(default=uuid4)
    #: The archive's name, or the subject of the e-mail.
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=255)
    #: What tells that the same thing came twice: the bytes of an archive; Message-ID and body of an e-mail.
    ledger = models.CharField(max_length=64)
    #: Only a hint: the invoice itself says which side the company is on, where it has data.
    direction_hint = models.CharField(max_length=2, choices=Direction, blank=True)
    #: Of an e-mail: where it was sent to, and who says that he or she sent it.
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sender = models.CharField(max_length=320, blank=True)
    state = models.CharField("état", max_length=12, choices=ParcelState, default=ParcelState.RECEIVED)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    #: Each file in it, in order, as {name, outcome, reason, deposit}: see services.unpacking.
    contents = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    finished_at = models.DateTimeField(null=True, blank=True)

    wake_task: ClassVar[str] = "invoices.tasks.unpack"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["company", "-created_at"], name="parcel_latest")]
        constraints = [models.UniqueConstraint(fields=["company", "kind", "ledger"], name="parcel_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The files that became deposits, or were there already."""
        return [each for each in self.contents if each["outcome"] != "skipped"]

    @property
    def skipped(self) -> list[dict[str, Any]]:
        return [each for each in self.contents if each["outcome"] == "skipped"]

    @property
    def deposit_ids(self) -> list[UUID]:
        return [UUID(each["deposit"]) for each in self.contents if each.get("deposit")]
