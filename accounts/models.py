import hashlib
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.enums import Audience, Kind


class UserManager(BaseUserManager["User"]):
    def create_company_user(self, *, email: str, password: str, **fields: Any) -> "User":
        user = self.model(kind=Kind.COMPANY, email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_comptexpert_user(self, *, issuer: str, subject: str, **fields: Any) -> "User":
        user = self.model(kind=Kind.COMPTEXPERT, issuer=issuer, subject=subject, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def company_users(self) -> models.QuerySet["User"]:
        return self.filter(kind=Kind.COMPANY)


class User(AbstractBaseUser):
    """
    A person. ComptExpert identities are matched on (`issuer`, `subject`) and have no `email`, so that no
    password flow can find them; company accounts sign in with `email`.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    email = models.EmailField("e-mail", null=True, blank=True, unique=True)
    issuer = models.CharField(max_length=255, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    #: What ComptExpert says; for display and letters, never to find somebody.
    contact_email = models.EmailField(blank=True)
    preferred_username = models.CharField(max_length=150, blank=True)
    website = models.CharField(max_length=300, blank=True)
    first_name = models.CharField("prénom", max_length=150, blank=True)
    last_name = models.CharField("nom", max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    #: List → the columns that the person chose to see in it.
    columns = models.JSONField(default=dict, db_default={}, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="user_comptexpert_identity",
                condition=models.Q(kind=Kind.COMPTEXPERT),
            ),
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.CheckConstraint(
                name="user_one_way_in",
                condition=models.Q(kind=Kind.COMPTEXPERT, email__isnull=True)
                & ~models.Q(subject="")
                & ~models.Q(issuer="")
                | models.Q(kind=Kind.COMPANY, email__isnull=False, issuer="", subject=""),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.any_email

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def any_email(self) -> str:
        return self.email or self.contact_email

    @property
    def is_company_user(self) -> bool:
        return self.kind == Kind.COMPANY

    @property
    def actor_name(self) -> str:
        return str(self)

    @property
    def actor_person_id(self) -> UUID | None:
        return self.pk


class Terms(models.Model):
    """One version of the CGU for one audience; a published version never changes."""

    audience = models.CharField(max_length=8, choices=Audience)
    version = models.CharField(max_length=20)
    text = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audience", "version"], name="terms_version")]

    def __str__(self) -> str:
        return f"CGU {self.get_audience_display()} {self.version}"

    @classmethod
    def publish(cls, *, audience: str, version: str, text: str) -> Self:
        digest = hashlib.sha256(text.encode()).hexdigest()
        terms, _created = cls.objects.get_or_create(
            audience=audience, version=version, defaults={"text": text, "sha256": digest}
        )
        return terms


class TermsAcceptance(models.Model):
    """Who accepted which version, for whom, when, from where; kept as proof."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.PROTECT)
    #: The firm or the company that is bound.
    party = models.UUIDField(db_index=True)
    accepted_at = models.DateTimeField(default=timezone.now)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"{self.terms} {self.user} {self.accepted_at:%Y-%m-%d}"
