from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from common.work import WorkItem
from outbox.enums import UNDELIVERED_STATES, EmailKind, EmailState


class OutgoingEmail(WorkItem):
    """One message to one address. Its Message-ID is chosen with the row: sending it twice is the same message."""

    firm_id = models.UUIDField(null=True)
    company_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=12, choices=EmailKind)
    state = models.CharField(max_length=10, choices=EmailState, default=EmailState.QUEUED)
    message_id = models.CharField(max_length=255)
    recipient = models.EmailField()
    sender = models.CharField(max_length=255)
    reply_to = models.EmailField(blank=True, default="", db_default="")
    subject = models.CharField(max_length=300)
    #: The parts, sealed: they may hold a link that lets somebody in. Emptied once the message has left.
    sealed_body = models.BinaryField(default=bytes)
    #: What the message is about in a higher room, e.g. an invitation.
    about = models.UUIDField(null=True, db_index=True)
    smtp_code = models.PositiveSmallIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)

    wake_task: ClassVar[str] = "outbox.tasks.send"
    wakes_all: ClassVar[bool] = True

    class Meta(WorkItem.Meta):
        # Each row is written three times, into every index: `unique=True` would make two, one for LIKE.
        constraints = [models.UniqueConstraint(fields=["message_id"], name="email_message_id_once")]
        indexes = [
            *WorkItem.Meta.indexes,
            models.Index(fields=["firm_id", "-created_at"], name="email_of_firm"),
            # Rows are added in the order of time: a few pages say where the old ones are.
            BrinIndex(fields=["created_at"], name="email_by_age"),
            # Few rows among many: what higher rooms look for again and again.
            models.Index(
                fields=["kind", "about"],
                name="email_undelivered",
                condition=models.Q(state__in=[state.value for state in UNDELIVERED_STATES]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"
