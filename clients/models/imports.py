from typing import ClassVar

from django.db import models

from clients.enums import RUNNING_IMPORTS, ImportSource, ImportState, RowAction
from common.pace import remaining
from common.work import WorkItem
from firms.models import Firm, Membership


class ImportJob(WorkItem):
    """One import, from the file's arrival to its last row: a dry run, then the act, which can be taken back."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=ImportSource)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.QUEUED)
    file_name = models.CharField(max_length=255)
    #: Where the original bytes are kept (storage name); they are never parsed before being kept.
    stored_as = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    sheet = models.CharField(max_length=255, blank=True)
    header_row = models.PositiveIntegerField(null=True, blank=True)
    #: Column label → column letter, as found or as a person chose.
    columns = models.JSONField(default=dict, blank=True)
    chosen_columns = models.JSONField(null=True, blank=True)
    #: What the pages show of the file: its columns with sample rows, the counts of warnings and of each value changed.
    sample = models.JSONField(default=dict, blank=True)
    #: RowAction → number of rows.
    counts = models.JSONField(default=dict, blank=True)
    rows_to_apply = models.PositiveIntegerField(default=0)
    rows_applied = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    #: What the directory was at the dry run (see importing.fingerprint); `stale`: it changed, this is a second look.
    fingerprint = models.CharField(max_length=80, blank=True)
    stale = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: « Annuler cet import »: how many applied rows there are to take back, and how many were looked at so far.
    rows_to_undo = models.PositiveIntegerField(default=0, db_default=0)
    rows_undone = models.PositiveIntegerField(default=0, db_default=0)
    undone_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    wake_task: ClassVar[str] = "clients.tasks.run_import"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["firm", "-created_at"], name="importjob_latest")]

    def __str__(self) -> str:
        return f"Import de « {self.file_name} »"

    @property
    def rows_done(self) -> int:
        return self.rows_undone if self.state == ImportState.UNDOING else self.rows_applied

    @property
    def rows_to_do(self) -> int:
        return self.rows_to_undo if self.state == ImportState.UNDOING else self.rows_to_apply

    @property
    def remaining(self) -> str:
        return remaining(self.started_at, done=self.rows_done, total=self.rows_to_do)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING_IMPORTS

    @property
    def names_its_columns(self) -> bool:
        """jedeclare.com does: nobody says otherwise, and what a firm calls its own columns is not about them."""
        return self.source == ImportSource.JEDECLARE

    @property
    def shown(self) -> str:
        """What tells one dry run of the file from another: the directory at that time, and the columns read."""
        return f"{self.fingerprint} {self.columns}"


class ImportRow(models.Model):
    """What the dry run says of one row, and what the act will do."""

    id = models.BigAutoField(primary_key=True)
    # Rows are found by their job and number only; each index more is a write per row.
    # The firm is the job's, whose key is checked.
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="rows", db_index=False)
    #: The row's number as Excel shows it.
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=10, choices=RowAction)
    name = models.CharField(max_length=200, blank=True)
    siren = models.CharField(max_length=20, blank=True)
    #: Of a file to be made, client field → cleaned value; only what the sheet gives.
    values = models.JSONField(default=dict)
    #: Client field → [old, new].
    changes = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    #: E-mails of « Collaborateurs affectés ».
    assignees = models.JSONField(default=list)
    #: The user's own cells, kept for rejected rows: the error workbook gives them back.
    cells = models.JSONField(default=list)
    applied = models.BooleanField(default=False)
    #: What the file that the row makes will be found by.
    search = models.TextField(default="", db_default="", blank=True)
    #: The client file that the row makes or has changed, and its version right after: what « Annuler » goes by. Null
    #: where the act left the directory as it was.
    client_id = models.UUIDField(null=True, blank=True)
    client_version = models.PositiveIntegerField(null=True, blank=True)
    #: Null until « Annuler » has come by; `undo_reason` says why a row was left as it is.
    undone = models.BooleanField(null=True, blank=True)
    undo_reason = models.TextField(default="", db_default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="importrow_once")]
        indexes = [models.Index(fields=["job", "action", "number"], name="importrow_by_action")]

    def __str__(self) -> str:
        return f"{self.job_id} ligne {self.number}"

    @property
    def outcome(self) -> str:
        """What becomes of the row, or became of it, in one word."""
        if self.undone:
            return "Annulé"
        return "Laissé" if self.undone is False or (self.applied and self.reasons) else self.get_action_display()

    @property
    def newly_assigned(self) -> list[str]:
        """E-mails of those whom the row assigns to an existing file and who did not have it."""
        old, new = self.changes.get("collaborators", ["", ""])
        return [email for email in new.split(", ") if email not in old.split(", ")]


class ImportWording(models.Model):
    """What a firm's own header means, remembered from a mapping step: the next file with it is read without asking."""

    id = models.BigAutoField(primary_key=True)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    #: The header's words and nothing else (columns.matching.header_key).
    key = models.CharField(max_length=80)
    #: The client field it names; "" to leave the column out.
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "key"], name="importwording_once")]

    def __str__(self) -> str:
        return f"{self.key} → {self.field or 'ignorée'}"
