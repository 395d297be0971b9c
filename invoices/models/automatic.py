from decimal import Decimal
from uuid import uuid4

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from clients.models import Company
from common.typography import amount
from invoices.enums import Direction


class AutomaticRule(models.Model):
    """Which invoices of a company are « Validée » as they are filed; one rule for each direction, off until set."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField("sens", max_length=2, choices=Direction)
    enabled = models.BooleanField("active", default=False)
    #: Total with VAT, in euros.
    ceiling = models.DecimalField(
        "plafond TTC (€)",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    known_only = models.BooleanField("fournisseurs ou clients déjà connus seulement", default=True)
    changed_by = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "direction"], name="automatic_rule_once")]

    def __str__(self) -> str:
        """« achats contrôlés sans erreur, 5 000,00 € TTC au plus, fournisseur connu »: as the timeline tells it."""
        buys = self.direction == Direction.PURCHASE
        words = ["achats contrôlés sans erreur" if buys else "ventes contrôlées sans erreur"]
        if self.ceiling is not None:
            words.append(f"{amount(self.ceiling)} TTC au plus")
        if self.known_only:
            words.append("fournisseur connu" if buys else "client connu")
        return ", ".join(words)
