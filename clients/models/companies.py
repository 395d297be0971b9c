from uuid import UUID, uuid4

from django.db import models
from django.utils import timezone

from accounts.models import User
from clients.enums import CompanyRole


class Company(models.Model):
    """An « espace entreprise », keyed by SIREN; made when an invitation is accepted; owns the invoices."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    siren = models.CharField("SIREN", max_length=9, unique=True)
    name = models.CharField("raison sociale", max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class CompanyMembership(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="company_memberships")
    role = models.CharField("rôle", max_length=8, choices=CompanyRole, default=CompanyRole.OWNER)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "person"], name="company_membership_once")]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def actor_name(self) -> str:
        return str(self.person)

    @property
    def actor_person_id(self) -> UUID | None:
        return self.person_id
