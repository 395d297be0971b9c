from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models import User
from clients.models import Client
from firms.models import Firm, Membership
from invitations.enums import OPEN_STATES, InvitationState


class Invitation(models.Model):
    """An invitation of one client file; its link holds a random token of which only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    company_id = models.UUIDField(null=True, blank=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    token_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.QUEUED)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], name="invitation_one_open", condition=models.Q(state__in=[s.value for s in OPEN_STATES])
            )
        ]
        indexes = [
            models.Index(fields=["firm", "-created_at"], name="invitation_latest"),
            models.Index(fields=["client", "-created_at"], name="invitation_of_client"),
        ]

    def __str__(self) -> str:
        return f"Invitation de {self.email}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES and self.expires_at > timezone.now()
