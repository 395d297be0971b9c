from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
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


class Seal(models.Model):
    """The place of one line in its chain (common/chains.py). Insert-only for the application role."""

    #: The table of the lines; what of a line is sealed (`…_text`: as PostgreSQL writes it, whose numbers are exact), to
    #: which nothing is added once lines are sealed; the columns of which the first that is set names the chain.
    line: ClassVar[str]
    sealed: ClassVar[tuple[str, ...]]
    chained_by: ClassVar[tuple[str, ...]] = ("company_id",)
    #: The log line that tells new heads.
    told: ClassVar[str]

    #: The line's own: it is sealed once. No foreign key, so that the seal of a line that was removed tells of it.
    id = models.BigIntegerField(primary_key=True)
    chain = models.UUIDField()
    #: 1, 2, 3… without a gap.
    position = models.BigIntegerField()
    hash = models.BinaryField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.chain} {self.position}"


class JournalSeal(Seal):
    """The chain is that of the line's firm, else of its company, else nobody's."""

    line: ClassVar[str] = "common.JournalEntry"
    sealed: ClassVar[tuple[str, ...]] = (
        "id",
        "uid",
        "at",
        "firm_id",
        "company_id",
        "person_id",
        "actor",
        "action",
        "object_type",
        "object_id",
        "object_label",
        "data_text",
        "ip",
        "reference",
    )
    chained_by: ClassVar[tuple[str, ...]] = ("firm_id", "company_id")
    told: ClassVar[str] = "journal.sealed"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="journal_seal_place")]


class KeptObject(models.Model):
    """
    The register of the archive: a line for each row that came to name stored bytes, which must stay as they are.

    PostgreSQL writes it (a trigger of each table that names some), in the transaction of the row itself. Insert-only
    for the application role. `gone` is a second line: the bytes were taken away once their time was over.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now(), editable=False)
    company_id = models.UUIDField()
    #: The table and the row that named them.
    source = models.CharField(max_length=63)
    source_id = models.UUIDField()
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    gone = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source_id", "source", "gone"], name="kept_object_once")]
        indexes = [models.Index(fields=["name"], name="kept_object_name")]

    def __str__(self) -> str:
        return self.name


class KeptSeal(Seal):
    """The chain is that of the company."""

    line: ClassVar[str] = "common.KeptObject"
    sealed: ClassVar[tuple[str, ...]] = (
        "id",
        "at",
        "company_id",
        "source",
        "source_id",
        "name",
        "size",
        "sha256",
        "gone",
    )
    told: ClassVar[str] = "archive.objects_sealed"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="kept_seal_place")]


class ArchiveRound(models.Model):
    """How far a rolling look at the archive is (common/integrity/rolling.py): a row for each. No tenant's data."""

    name = models.CharField(max_length=40, primary_key=True)
    #: Where it goes on; null once it is whole, until the next one begins.
    place = models.JSONField(default=dict, null=True)
    started_at = models.DateTimeField(default=timezone.now)
    checked = models.PositiveBigIntegerField(default=0)
    #: What this round has found so far, and what the last whole one had found when it ended.
    problems = models.JSONField(default=list)
    last_problems = models.JSONField(default=list)
    last_finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """When a kind of process was last seen alive; `/readyz` reads it. In PostgreSQL: Redis may be flushed."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})
