from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Value

from accounts.models import User
from clients.models import Company
from common.work import WorkItem
from invoices.enums import COMPLETABLE_REASONS, JOINED, Channel, DepositState, Direction, Pairing
from invoices.models.invoices import Invoice
from invoices.models.parcels import Parcel


class Deposit(WorkItem):
    """One file that came in, kept before anything opened it, and what became of it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel)
    deposited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: The firm that deposited it for its client, where it was one.
    firm_id = models.UUIDField(null=True, blank=True)
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=255)
    state = models.CharField("état", max_length=12, choices=DepositState, default=DepositState.RECEIVED)
    #: A short code (`duplicate`, `other_company`…) and the sentence that a person reads.
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="deposits")
    finished_at = models.DateTimeField(null=True, blank=True)
    #: What arrived together (one e-mail, one ZIP, one drop) has one batch; null where that is not known.
    batch = models.UUIDField(null=True, blank=True)
    #: The archive or e-mail that it came in.
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, null=True, blank=True, related_name="deposits")
    #: What the e-mail address it was sent to says: a hint alone, for a file without data.
    direction_hint = models.CharField(max_length=2, choices=Direction, blank=True, db_default="")
    #: What was read, without its lines (see invoices.outline); null until it is « Analysé ».
    read = models.JSONField(null=True, blank=True)
    #: The text of a PDF without data, as far as it was read: a structured invoice may turn out to say the same.
    text = models.TextField(blank=True, db_default="")
    #: The invoice that this one repeats, where it is held for that.
    duplicate_of = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: What a person decided where the data do not: the side of a company that is on both, and that a likeness is no
    #: duplicate. Kept, so that reading again comes to the same end.
    chosen_direction = models.CharField(max_length=2, choices=Direction, blank=True, db_default="")
    filed_apart = models.BooleanField(default=False, db_default=False)
    pairing = models.CharField(max_length=8, choices=Pairing, blank=True, db_default="")
    #: Each step as {at, state, text, actor}: the history of its page.
    steps = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    wake_task: ClassVar[str] = "invoices.tasks.process"

    class Meta(WorkItem.Meta):
        indexes = [
            *WorkItem.Meta.indexes,
            models.Index(fields=["company", "-created_at"], name="deposit_latest"),
            models.Index(fields=["batch"], name="deposit_batch", condition=models.Q(batch__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["company", "sha256"], name="deposit_same_bytes_once")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def can_be_completed(self) -> bool:
        return self.state == DepositState.INCOMPLETE and self.reason_code in COMPLETABLE_REASONS

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will become of it by itself."""
        return self.wake_at is None and self.state not in (DepositState.RECEIVED, DepositState.ANALYSED)

    @property
    def can_be_read_again(self) -> bool:
        return self.is_settled and self.invoice_id is None

    @property
    def can_be_refused(self) -> bool:
        return self.can_be_read_again and self.state != DepositState.REFUSED

    @property
    def history(self) -> list[dict[str, Any]]:
        """Its steps after « Reçu », oldest first, each with its moment."""
        return [{**step, "at": datetime.fromisoformat(step["at"])} for step in self.steps]

    @property
    def is_joined(self) -> bool:
        """Whether it is a further file of an invoice that another deposit made."""
        return self.invoice_id is not None and self.pairing in JOINED

    @property
    def can_be_paired(self) -> bool:
        """Whether a person may say that it is the page of a structured invoice."""
        return self.state == DepositState.INCOMPLETE and self.reason_code == "no_data" and self.container == "pdf"

    @property
    def container(self) -> str:
        return str((self.read or {}).get("container", ""))

    @property
    def active(self) -> list[str]:
        """What acts by itself in its PDF (see formats.active)."""
        return list((self.read or {}).get("active", ()))

    @property
    def acts_by_itself(self) -> bool:
        return bool(self.active) and self.active != ["unknown"]
