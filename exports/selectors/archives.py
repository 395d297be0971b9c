"""The archives that a firm asked for; starts at the membership."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from exports.models import FirmExport
from firms.models import Membership


def exports_of(membership: Membership) -> QuerySet[FirmExport]:
    """Latest first."""
    exports = FirmExport.objects.filter(firm=membership.firm_id)
    return exports.select_related("created_by__user").order_by("-created_at")


def get_export_or_404(membership: Membership, *, pk: UUID) -> FirmExport:
    export = exports_of(membership).filter(pk=pk).first()
    if export is None:
        raise Http404("Archive inconnue.")
    return export
