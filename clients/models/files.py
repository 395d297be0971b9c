from uuid import uuid4

from django.db import models
from django.utils import timezone

from clients.enums import LANGUAGES, ClientStatus
from clients.models.companies import Company
from firms.models import Firm, Membership


class Client(models.Model):
    """A firm's file on one company; exists before any invitation."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Both lead indexes below: one of their own would be a write more, and would lure a search by SIREN away.
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    status = models.CharField("statut", max_length=10, choices=ClientStatus, default=ClientStatus.CREATED)
    #: « Dossier du cabinet »: seen by administrateurs only.
    is_firm_file = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    name = models.CharField("Raison sociale", max_length=200)
    siren = models.CharField("SIREN", max_length=9)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    vat_number = models.CharField("TVA", max_length=20, blank=True)
    street = models.CharField("Adresse", max_length=200, blank=True)
    postal_code = models.CharField("Code postal", max_length=12, blank=True)
    city = models.CharField("Ville", max_length=100, blank=True)
    country = models.CharField("Pays", max_length=2, default="FR")
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    language = models.CharField("Langue", max_length=2, default="fr")
    contact_last_name = models.CharField("Nom du contact", max_length=100, blank=True)
    contact_first_name = models.CharField("Prénom du contact", max_length=100, blank=True)
    contact_email = models.EmailField("E-mail du contact", blank=True)
    contact_phone = models.CharField("Téléphone", max_length=40, blank=True)
    code = models.CharField("Code dossier", max_length=40, blank=True)
    #: The fields of services.files.SEARCHED, folded (no accents, lower case): what the list is sorted by and its search
    #: looks in. Short enough for an index, whatever the letters; compared by code points, as folded text may be.
    search = models.CharField(max_length=320, editable=False, default="", db_collation="C")
    # Whoever acts is a member of the firm, and members are ended, never removed: PostgreSQL need not look each time.
    created_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    status_before_archive = models.CharField(max_length=10, choices=ClientStatus, blank=True)
    #: The day its activity ended, and when that was last asked, as the company directory tells.
    ceased_on = models.DateField("cessation d'activité", null=True, blank=True)
    directory_checked_at = models.DateTimeField(null=True, blank=True)
    #: Counts the changes, so that two people editing at once do not overwrite each other.
    version = models.PositiveIntegerField(default=1)
    activated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "siren"], name="client_once_per_firm")]
        indexes = [
            # All that the list asks of a row before it knows which page to show: the table itself is not read.
            models.Index(
                fields=["firm", "search", "id"],
                include=["status", "is_firm_file", "confidential", "created_by", "company"],
                name="client_list",
            ),
            models.Index(
                fields=["firm", "status", "search", "id"],
                include=["is_firm_file", "confidential", "created_by", "company"],
                name="client_list_by_status",
            ),
            models.Index(fields=["company", "status"], name="client_of_company"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language_name(self) -> str:
        return LANGUAGES.get(self.language, self.language.upper())

    @property
    def is_active(self) -> bool:
        return self.status == ClientStatus.ACTIVE

    @property
    def is_invitable(self) -> bool:
        """Not at work already, not archived, and not waiting for the company's owner."""
        return self.status not in (ClientStatus.ACTIVE, ClientStatus.ARCHIVED, ClientStatus.PENDING)


class ClientAssignment(models.Model):
    """« Affectation »: a membership's right on one client file."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="assignments")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="assignments")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            # With what the database's fence asks of each row: who is assigned to what is read from the index alone.
            models.UniqueConstraint(fields=["membership", "client"], include=["firm"], name="assignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.client}"
