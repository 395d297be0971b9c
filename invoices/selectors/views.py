from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from invoices.models import SavedView


def views_of(person: User, *, firm_id: UUID | None = None, company_id: UUID | None = None) -> QuerySet[SavedView]:
    """What this person keeps of the list of a firm or a company."""
    return SavedView.objects.filter(person=person, firm=firm_id, company=company_id).order_by("name")
