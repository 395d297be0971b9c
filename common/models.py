from uuid import uuid4

from django.db import models
from django.utils import timezone


class JournalEntry(models.Model):
    """Who did what, on what, when and from where. Insert-only for the application role."""

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    firm_id = models.UUIDField(null=True)
    company_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    #: The actor's name at that time: a person's, a key's, « Système ».
    actor = models.CharField(max_length=200)
    #: Dotted, past tense: `invitation.accepted`.
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    object_label = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    reference = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            # In the order of its page, so that a range of dates is a range of the index.
            models.Index(fields=["firm_id", "-at", "-id"], name="journal_firm"),
            # A firm's lines name no company: they need no place in it.
            models.Index(
                fields=["company_id", "-id"],
                name="journal_company",
                condition=models.Q(company_id__isnull=False),
            ),
            models.Index(fields=["object_id", "-id"], name="journal_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"


class JournalSeal(models.Model):
    """The place of one line in its chain (common/journal_chain.py). Insert-only for the application role."""

    #: The line's own: it is sealed once. No foreign key, so that the seal of a line that was removed tells of it.
    id = models.BigIntegerField(primary_key=True)
    #: The line's firm, else its company, else nobody's.
    chain = models.UUIDField()
    #: 1, 2, 3… without a gap.
    position = models.BigIntegerField()
    hash = models.BinaryField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="journal_seal_place")]

    def __str__(self) -> str:
        return f"{self.chain} {self.position}"


class Heartbeat(models.Model):
    """When a kind of process was last seen alive; `/readyz` reads it. In PostgreSQL: Redis may be flushed."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})
