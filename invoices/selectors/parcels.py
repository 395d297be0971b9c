from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from clients.models import Company
from invoices.enums import ParcelState
from invoices.models import Parcel


def latest_parcels(company: Company, *, limit: int = 10) -> QuerySet[Parcel]:
    """Archives and e-mails, the last ones first, without those that wait for somebody's word."""
    parcels = Parcel.objects.filter(company=company.pk).exclude(state=ParcelState.HELD)
    return parcels.order_by("-created_at")[:limit]


def is_opening_parcels(company: Company) -> bool:
    """Whether deposits are still to come out of what arrived together."""
    return Parcel.objects.filter(company=company.pk, wake_at__isnull=False).exists()


def get_parcel_or_404(company: Company, *, pk: UUID) -> Parcel:
    parcel = Parcel.objects.filter(company=company.pk, pk=pk).first()
    if parcel is None:
        raise Http404("Archive ou e-mail inconnu.")
    return parcel
