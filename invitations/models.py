from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import User
from clients.enums import CompanyRole
from clients.models import Client, Company, CompanyMembership
from common.work import WorkItem
from firms.models import Firm, Membership
from invitations.enums import (
    OPEN_STATES,
    RENEWABLE_STATES,
    BatchState,
    ColleagueState,
    InvitationState,
    ReminderCount,
    ReminderDelay,
    RowState,
)

#: Characters of a firm's own words in an invitation.
MAX_WORDS = 1000


class InvitationSettings(models.Model):
    """How a firm invites; a firm without a row has these defaults."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.OneToOneField(Firm, on_delete=models.PROTECT, related_name="invitation_settings")
    #: Plain text, in every invitation that is not given other words.
    words = models.TextField("Vos mots dans l'e-mail", max_length=MAX_WORDS, blank=True)
    #: 0: nobody is reminded.
    reminder_days = models.PositiveSmallIntegerField("Relancer après", choices=ReminderDelay, default=0)
    max_reminders = models.PositiveSmallIntegerField("Nombre de relances", choices=ReminderCount, default=1)

    def __str__(self) -> str:
        return f"Paramètres d'invitation de {self.firm}"


class Invitation(models.Model):
    """An invitation of one client file; its link holds a random token of which only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    #: The company space that was entered, or that was asked to let this client's firm in.
    company_id = models.UUIDField(null=True, blank=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    token_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.QUEUED)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    #: When the link now in force was made: sending again renews it.
    renewed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: The company is in jefacture already: its owner has not answered yet (see services.answering).
    waits_for_owner = models.BooleanField(default=False, db_default=False)
    #: The company's owner who let the firm in, or refused.
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: Why the e-mail never arrived, or why the owner refused, in French.
    refusal = models.TextField(blank=True)
    #: The firm's own words in the message, which a reminder says again.
    words = models.TextField(max_length=MAX_WORDS, blank=True, db_default="")
    #: Sent since somebody last sent it by hand.
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                name="invitation_one_open",
                condition=models.Q(state__in=[s.value for s in OPEN_STATES]),
            )
        ]
        indexes = [
            models.Index(fields=["firm", "-renewed_at"], name="invitation_latest"),
            models.Index(fields=["client", "-created_at"], name="invitation_of_client"),
            # What the sweeps look for: few rows among all those that were accepted.
            models.Index(
                fields=["state", "expires_at"],
                name="invitation_open",
                condition=models.Q(state__in=[s.value for s in OPEN_STATES]),
            ),
            models.Index(fields=["company_id"], name="invitation_for_owner", condition=models.Q(waits_for_owner=True)),
        ]

    def __str__(self) -> str:
        return f"Invitation de {self.email}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES and self.expires_at > timezone.now()

    @property
    def is_renewable(self) -> bool:
        """Sending again gives it a new link; revoking ends it."""
        return self.state in RENEWABLE_STATES


class CompanyInvitation(models.Model):
    """A colleague invited into a company space by its owner; only the hash of the link's token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField("E-mail")
    role = models.CharField("Rôle", max_length=8, choices=CompanyRole, default=CompanyRole.MEMBER)
    token_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=ColleagueState, default=ColleagueState.OPEN)
    created_by = models.ForeignKey(CompanyMembership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "company",
                Lower("email"),
                name="company_invitation_one_open",
                condition=models.Q(state=ColleagueState.OPEN),
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def has_expired(self) -> bool:
        return self.state == ColleagueState.OPEN and self.expires_at <= timezone.now()

    @property
    def status(self) -> str:
        return "Invitation expirée" if self.has_expired else self.get_state_display()


class InvitationBatch(WorkItem):
    """« Activer sur jefacture.com », or « Renvoyer »: many clients invited by one act."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=BatchState, default=BatchState.RUNNING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: The firm's own words in these messages.
    words = models.TextField(max_length=MAX_WORDS, blank=True, db_default="")
    #: « Renvoyer »: the choice was made among invitations that exist.
    again = models.BooleanField(default=False, db_default=False)

    wake_task: ClassVar[str] = "invitations.tasks.run_batch"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["firm", "-created_at"], name="batch_latest")]

    def __str__(self) -> str:
        return f"Activation de {self.total} clients"

    @property
    def is_running(self) -> bool:
        return self.state == BatchState.RUNNING


class BatchRow(models.Model):
    """One client of a batch, and what became of it."""

    id = models.BigAutoField(primary_key=True)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(InvitationBatch, on_delete=models.CASCADE, related_name="rows")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=RowState, default=RowState.WAITING)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "client"], name="batchrow_once")]
        indexes = [models.Index(fields=["batch", "state"], name="batchrow_by_state")]

    def __str__(self) -> str:
        return f"{self.client} ({self.get_state_display()})"
