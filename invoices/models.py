from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Case, When
from django.db.models.functions import ExtractYear, Lower
from django.utils import timezone

from accounts.models import User
from clients.models import Client, Company, CompanyMembership
from common.archives.models import Archive, ArchiveState, Owner
from common.work import WorkItem
from firms.models import Firm
from invoices.enums import (
    COMPLETABLE_REASONS,
    Channel,
    DepositState,
    Direction,
    FileKind,
    FirmState,
    InvoiceState,
)

_RULE_SETS = {
    "schema": "Schéma XML",
    "en16931": "Norme EN 16931",
    "factur-x": "Profil Factur-X",
    "fr-ctc": "Règles françaises",
    "extended-ctc-fr": "Règles françaises (profil étendu)",
}
_AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 4, "null": True, "blank": True}


class Invoice(models.Model):
    """An invoice of one company, in EN 16931 terms; amounts as stated, never recomputed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField("sens", max_length=2, choices=Direction)
    state = models.CharField("état", max_length=12, choices=InvoiceState, default=InvoiceState.TO_VALIDATE)
    container = models.CharField(max_length=10)
    profile = models.CharField(max_length=40, blank=True)
    number = models.CharField("numéro (BT-1)", max_length=100)
    type_code = models.CharField("type (BT-3)", max_length=5, blank=True)
    issue_date = models.DateField("date (BT-2)")
    due_date = models.DateField("échéance (BT-9)", null=True, blank=True)
    currency = models.CharField("devise (BT-5)", max_length=3, default="EUR")
    seller_name = models.CharField("vendeur (BT-27)", max_length=300, blank=True)
    seller_siren = models.CharField(max_length=9, blank=True)
    seller_vat = models.CharField(max_length=20, blank=True)
    buyer_name = models.CharField("acheteur (BT-44)", max_length=300, blank=True)
    buyer_siren = models.CharField(max_length=9, blank=True)
    buyer_vat = models.CharField(max_length=20, blank=True)
    total_without_vat = models.DecimalField("total HT (BT-109)", **_AMOUNT)
    total_vat = models.DecimalField("TVA (BT-110)", **_AMOUNT)
    total_with_vat = models.DecimalField("total TTC (BT-112)", **_AMOUNT)
    amount_due = models.DecimalField("net à payer (BT-115)", **_AMOUNT)
    #: The whole typed invoice (see formats.model).
    data = models.JSONField(default=dict)
    refusal_reason = models.CharField(max_length=300, blank=True)
    filed_at = models.DateTimeField(default=timezone.now)
    validated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A second invoice of a company with the direction, seller, number and year of another is a duplicate and is
            # held. A seller that has no SIREN goes by its VAT number, one that has neither by its name.
            models.UniqueConstraint(
                "company",
                "direction",
                Case(
                    When(~models.Q(seller_siren=""), then="seller_siren"),
                    When(~models.Q(seller_vat=""), then="seller_vat"),
                    default=Lower("seller_name"),
                ),
                "number",
                ExtractYear("issue_date"),
                name="invoice_once",
            )
        ]
        indexes = [
            models.Index(fields=["company", "-issue_date", "-id"], name="invoice_latest"),
            models.Index(fields=["company", "state", "-issue_date", "-id"], name="invoice_by_state"),
        ]

    def __str__(self) -> str:
        return f"Facture {self.number}"

    @property
    def format_name(self) -> str:
        return {"facturx": "Factur-X", "zugferd": "ZUGFeRD", "pdf": "PDF", "image": "Image"}.get(
            self.container, self.container.upper()
        )

    @property
    def profile_name(self) -> str:
        """« EN 16931 » for en16931; other profiles are written in capitals."""
        return {"en16931": "EN 16931", "basicwl": "BASIC WL"}.get(self.profile, self.profile.upper())

    @property
    def vat_gap(self) -> Decimal:
        """How far the stated total is from what the two other amounts make; nothing where one is not stated."""
        if self.total_without_vat is None or self.total_vat is None or self.total_with_vat is None:
            return Decimal(0)
        return self.total_with_vat - self.total_without_vat - self.total_vat

    @property
    def other_party(self) -> str:
        return self.seller_name if self.direction == Direction.PURCHASE else self.buyer_name


class Deposit(WorkItem):
    """One file that came in, kept before anything opened it, and what became of it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel)
    deposited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: The firm that deposited it for its client, where it was one.
    firm_id = models.UUIDField(null=True, blank=True)
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=255)
    state = models.CharField("état", max_length=12, choices=DepositState, default=DepositState.RECEIVED)
    #: A short code (`duplicate`, `other_company`…) and the sentence that a person reads.
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="deposits")
    finished_at = models.DateTimeField(null=True, blank=True)

    wake_task: ClassVar[str] = "invoices.tasks.process"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["company", "-created_at"], name="deposit_latest")]
        constraints = [models.UniqueConstraint(fields=["company", "sha256"], name="deposit_same_bytes_once")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def can_be_completed(self) -> bool:
        return self.state == DepositState.INCOMPLETE and self.reason_code in COMPLETABLE_REASONS


class InvoiceFile(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=FileKind)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "kind"], name="invoice_file_of_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What it is, in words; a photo leaves on a page without data, which is no Factur-X."""
        if self.kind == FileKind.OUTGOING and self.invoice.container == "image":
            return "PDF lisible"
        return self.get_kind_display()


class InvoiceEvent(models.Model):
    """One line of the invoice's timeline."""

    id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=200)
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["invoice", "id"], name="invoice_timeline")]

    def __str__(self) -> str:
        return self.text


class InvoiceCheck(models.Model):
    """A rule set run on an invoice. `ran` false means it could not run: that never reads as passed."""

    id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="checks")
    rule_set = models.CharField(max_length=100)
    version = models.CharField(max_length=200)
    ran = models.BooleanField()
    #: Why it did not run: « Sans objet … » or « Non vérifié … ».
    reason = models.CharField(max_length=300, blank=True)
    findings = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.rule_set} {self.version}"

    @property
    def title(self) -> str:
        return _RULE_SETS.get(self.rule_set, self.rule_set)

    @property
    def applies(self) -> bool:
        """Whether the rule set has anything to say of such an invoice."""
        return self.ran or not self.reason.startswith("Sans objet")


class FirmInvoice(models.Model):
    """« Part du cabinet »: what one firm sees of one invoice, from the moment it is filed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="parts")
    state = models.CharField("état", max_length=12, choices=FirmState, default=FirmState.PENDING)
    # Copied from the invoice, which never changes them: the firm's lists and the partner API read this table alone.
    direction = models.CharField(max_length=2, choices=Direction)
    issue_date = models.DateField()
    #: The name that partner software sees, stable and unique.
    file_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "invoice"], name="firm_invoice_once"),
            models.UniqueConstraint(fields=["firm", "file_name"], name="firm_invoice_name"),
        ]
        indexes = [
            models.Index(fields=["firm", "-issue_date", "-id"], name="firm_invoice_latest"),
            models.Index(fields=["firm", "client", "direction", "state", "available_at"], name="firm_invoice_pull"),
            models.Index(fields=["firm", "state", "-issue_date", "-id"], name="firm_invoice_by_state"),
        ]

    def __str__(self) -> str:
        return self.file_name


class CompanyExport(Archive):
    """« Quitter jefacture »: all that a company has here, as one archive that is kept for some days."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(CompanyMembership, on_delete=models.PROTECT, related_name="+")

    wake_task: ClassVar[str] = "invoices.tasks.export_company"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["company", "-created_at"], name="export_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(state=ArchiveState.RUNNING), name="export_one_at_a_time"
            )
        ]

    @property
    def owner(self) -> Owner:
        return {"company": self.company_id}
