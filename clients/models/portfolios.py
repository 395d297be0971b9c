from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from clients.models.files import Client
from firms.models import Firm, Membership


class Portfolio(models.Model):
    """« Portefeuille »: client files that a group of members sees."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField("Nom", max_length=80)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint("firm", Lower("name"), name="portfolio_once_per_firm")]

    def __str__(self) -> str:
        return self.name


class PortfolioMember(models.Model):
    """A member of a portfolio, who sees its client files but for the confidential ones and the firm's own."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="members")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="portfolios", db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            # As assignment_once: with what the fence asks, so that sight is read from the index alone.
            models.UniqueConstraint(fields=["membership", "portfolio"], include=["firm"], name="portfolio_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.membership} → {self.portfolio}"


class PortfolioClient(models.Model):
    """A client file that stands in a portfolio."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="files", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="portfolios")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["portfolio", "client"], include=["firm"], name="portfolio_client_once")
        ]

    def __str__(self) -> str:
        return f"{self.client} → {self.portfolio}"
