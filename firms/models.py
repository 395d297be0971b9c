from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models import User
from firms.enums import MembershipStatus, Profile, Role, Scope


class Firm(models.Model):
    """A « cabinet », the tenant. Keyed by SIRET: one SIREN may hold several offices."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    siret = models.CharField("SIRET", max_length=14, unique=True)
    comptexpert_id = models.CharField(max_length=100, blank=True)
    name = models.CharField("raison sociale", max_length=200)
    street = models.CharField("adresse", max_length=200, blank=True)
    postal_code = models.CharField("code postal", max_length=12, blank=True)
    city = models.CharField("ville", max_length=100, blank=True)
    #: When an expert-comptable's sign-in last gave the identity above.
    identity_read_at = models.DateTimeField(null=True, blank=True)
    #: How its clients know it, where that is not the « raison sociale »: in whose name jefacture writes to them.
    sender_name = models.CharField("nom d'expéditeur", max_length=100, blank=True, default="", db_default="")
    contact_email = models.EmailField("e-mail de contact", blank=True, default="", db_default="")
    contact_phone = models.CharField("téléphone", max_length=30, blank=True, default="", db_default="")
    #: A random name, under which everybody may see the picture (firms.logo); null without one.
    logo = models.UUIDField(null=True, blank=True, unique=True)
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "siret"]

    def __str__(self) -> str:
        return self.name

    @property
    def siren(self) -> str:
        return self.siret[:9]

    @property
    def sender(self) -> str:
        """What its clients read as its name."""
        return self.sender_name or self.name

    @property
    def contact(self) -> str:
        """Where its clients reach it, on one line; "" where it has not said."""
        return " · ".join(filter(None, [self.contact_email, self.contact_phone]))


class Membership(models.Model):
    """A person's place in one firm. Comes from ComptExpert only; `Désactivé` once the delegation is gone."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("rôle", max_length=16, choices=Role)
    profile = models.CharField(max_length=16, choices=Profile)
    status = models.CharField("statut", max_length=12, choices=MembershipStatus, default=MembershipStatus.CREATED)
    #: When ComptExpert received the delegation: « Date invitation ».
    delegated_at = models.DateTimeField(null=True, blank=True)
    #: Whether the person's own latest claims hold this place; null while he or she never signed in.
    claimed = models.BooleanField(null=True, blank=True)
    #: No expert-comptable's latest list of delegates holds it any more. Both must be mended before it opens again.
    delisted = models.BooleanField(default=False)
    #: An administrateur chose the role: ComptExpert's profile no longer decides it.
    role_chosen = models.BooleanField(default=False)
    last_entered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    #: Whether the person has entered another firm since; only what comes through the door knows it.
    entered_elsewhere = False

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_open(self) -> bool:
        return self.status == MembershipStatus.ACTIVE

    @property
    def actor_name(self) -> str:
        return str(self.user)

    @property
    def actor_person_id(self) -> UUID | None:
        return self.user_id


class ListedDelegate(models.Model):
    """One line of one expert-comptable's latest list of delegates; a membership ends when no line holds it."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE)
    listed_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    delegate = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "listed_by", "delegate"], name="listed_delegate_once")]

    def __str__(self) -> str:
        return f"{self.delegate} / {self.listed_by}"


class ComptExpertSession(models.Model):
    """Which sessions a ComptExpert person has open here, so that a back-channel logout can end them at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    #: ComptExpert's own name of the session, where it gives one.
    sid = models.CharField(max_length=255, blank=True)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.user} {self.opened_at:%Y-%m-%d %H:%M}"


class PartnerSoftware(models.Model):
    """Production software known to jefacture; its id is what it sends as X-SOFTWARE-ID."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def every_scope() -> list[str]:
    return [scope.value for scope in Scope]


class ApiKey(models.Model):
    """A firm's key for partner software: found by hash, shown again from a sealed copy."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope), default=every_scope)
    #: A key bound to one software answers 403 with another's id.
    software = models.ForeignKey(PartnerSoftware, on_delete=models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    #: Where calls may come from, as addresses and networks (CIDR); from anywhere when empty.
    networks = ArrayField(models.CharField(max_length=49), default=list, db_default=[])
    expires_at = models.DateTimeField(null=True, blank=True)
    #: It has a successor; `expires_at` is the end of its grace period.
    replaced_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    #: The last call that was refused because of where it came from.
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_from = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        return [Scope(scope).label for scope in self.scopes]

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def actor_name(self) -> str:
        return f"Clé API « {self.name} »"

    @property
    def actor_person_id(self) -> UUID | None:
        return None
