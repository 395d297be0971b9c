"""What the firm's pages show of exports; starts at the membership."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from clients.models import Client
from clients.permissions import can_see_every_client
from clients.selectors import clients_visible_to
from exports.enums import DeliveryState
from exports.models import ClientExport, Delivery, ExportConfiguration, PartnerCall
from firms.models import Membership, PartnerSoftware
from invoices.enums import FirmState
from invoices.models import FirmInvoice


@dataclass(frozen=True)
class Partner:
    """One software as the firm sees it; `last_call` over all keys of the firm, None when it never called."""

    software: PartnerSoftware
    last_call: datetime | None


def partners_of(membership: Membership) -> list[Partner]:
    calls = dict(
        PartnerCall.objects.filter(firm=membership.firm_id)
        .values_list("software")
        .annotate(last=Max("last_at"))
        .order_by()
    )
    # « Autre logiciel » stands last whatever its name.
    known = sorted(PartnerSoftware.objects.filter(enabled=True), key=lambda software: software.slug == "autre")
    return [Partner(software, calls.get(software.pk)) for software in known]


def waiting_for_pull(membership: Membership) -> int:
    """How many invoices of the clients this member sees wait to be fetched."""
    waiting = FirmInvoice.objects.filter(firm=membership.firm_id, state=FirmState.TO_TRANSFER)
    if not can_see_every_client(membership):
        waiting = waiting.filter(client__in=clients_visible_to(membership))
    return waiting.count()


def configurations_of(membership: Membership, *, or_pk: UUID | None = None) -> QuerySet[ExportConfiguration]:
    """Those a client may be connected to: the enabled ones, and the one it is connected to already."""
    return ExportConfiguration.objects.filter(Q(enabled=True) | Q(pk=or_pk), firm=membership.firm_id).order_by("name")


def configurations_with_counts(membership: Membership) -> QuerySet[ExportConfiguration]:
    """With `connected` client files, and deliveries `sent`, `waiting` (suspended ones too) and `failed`."""

    def deliveries(*states: DeliveryState) -> Subquery:
        of_state = Delivery.objects.filter(configuration=OuterRef("pk"), state__in=states).order_by()
        return Subquery(of_state.values("configuration").annotate(n=Count("pk")).values("n"))

    return (
        ExportConfiguration.objects.filter(firm=membership.firm_id)
        .annotate(
            connected=Count("clients"),
            sent=Coalesce(deliveries(DeliveryState.SENT), 0),
            waiting=Coalesce(
                deliveries(
                    DeliveryState.QUEUED, DeliveryState.RUNNING, DeliveryState.RETRYING, DeliveryState.SUSPENDED
                ),
                0,
            ),
            failed=Coalesce(deliveries(DeliveryState.FAILED), 0),
        )
        .order_by("name")
    )


def get_configuration_or_404(membership: Membership, *, pk: UUID) -> ExportConfiguration:
    configuration = ExportConfiguration.objects.filter(firm=membership.firm_id, pk=pk).first()
    if configuration is None:
        raise Http404("Configuration inconnue.")
    return configuration


def latest_deliveries(membership: Membership, *, limit: int = 20) -> QuerySet[Delivery]:
    return (
        Delivery.objects.filter(firm=membership.firm_id)
        .select_related("invoice", "configuration")
        .defer("invoice__data")
        .order_by("-created_at")[:limit]
    )


def get_delivery_or_404(membership: Membership, *, pk: UUID) -> Delivery:
    delivery = (
        Delivery.objects.filter(firm=membership.firm_id, pk=pk).select_related("invoice", "configuration").first()
    )
    if delivery is None:
        raise Http404("Livraison inconnue.")
    return delivery


def connection_of(client: Client) -> ClientExport | None:
    return ClientExport.objects.filter(client=client).select_related("configuration").first()
