from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import BigIntegerField, Case, F, GeneratedField, Value, When
from django.db.models.functions import Cast, Coalesce, ExtractYear, Lower
from django.utils import timezone

from clients.models import Company
from invoices.enums import Direction, InvoiceState, Verdict

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
    #: 0, or the how-manieth invoice of the same seller, number and year that a person said to be no duplicate.
    duplicate_rank = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: Why it is refused or in dispute: a code of invoices.lifecycle.REASONS, and the words that are shown.
    reason_code = models.CharField(max_length=20, blank=True, db_default="")
    refusal_reason = models.CharField(max_length=300, blank=True)
    #: The status of the French lifecycle that was noted last; null before any was (see invoices.lifecycle.status_of).
    noted_status = models.PositiveSmallIntegerField(null=True, blank=True)
    #: What the checks come to; a trigger sums them up (see the migration of the lists).
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.UNCHECKED, db_default=Verdict.UNCHECKED)
    #: « En désaccord »: the PDF says another number, total or SIREN than the data.
    differs = models.BooleanField(default=False, db_default=False)
    #: In which terms, with both values and the place on the page (see formats.disagreements).
    disagreements = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    #: The total in ten-thousandths: under row-level security an index on a numeric column is not looked into.
    amount = GeneratedField(
        expression=Coalesce(Cast(F("total_with_vat") * 10000, BigIntegerField()), 0),
        output_field=BigIntegerField(),
        db_persist=True,
    )
    filed_at = models.DateTimeField(default=timezone.now)
    validated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # A second invoice of a company with the direction, seller, number and year of another is a duplicate and is
            # held. A seller that has no SIREN goes by its VAT number, one that has neither by its name. Where a person
            # says that it is none, the rank tells the two apart.
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
                "duplicate_rank",
                name="invoice_once",
            )
        ]
        indexes = [
            models.Index(fields=["company", "-issue_date", "-id"], name="invoice_latest"),
            models.Index(fields=["company", "state", "-issue_date", "-id"], name="invoice_by_state"),
            models.Index(fields=["company", "verdict", "-issue_date", "-id"], name="invoice_by_verdict"),
            models.Index(fields=["company", "amount", "id"], name="invoice_by_amount"),
            models.Index(fields=["company", "number", "id"], name="invoice_by_number"),
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
