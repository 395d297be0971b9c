from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models import User
from clients.models import Company
from firms.models import Firm


class SavedView(models.Model):
    """« Vue enregistrée »: what one person narrowed a list of invoices to, in one firm or one company, under a name."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField("nom", max_length=60)
    #: The filters and the order, as the address has them.
    query = models.TextField(blank=True)
    #: What the list opens with.
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "firm", "company", "name"], name="saved_view_name", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["person", "firm", "company"],
                condition=models.Q(is_default=True),
                name="saved_view_default",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(firm__isnull=False) | models.Q(company__isnull=False), name="saved_view_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.name
