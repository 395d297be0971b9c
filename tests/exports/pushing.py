"""A cabinet that pushes by e-mail, as the tests of deliveries have it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from clients.models import Client
from common.tenancy import tenant
from exports.models import ClientExport, Delivery, ExportConfiguration
from exports.services.configurations import connect_client, save_configuration
from exports.tasks import dispatch, open_deliveries
from invoices.models import FirmInvoice
from outbox.enums import EmailState
from outbox.models import OutgoingEmail
from tests.exports.factories import make_part
from tests.factories import Cabinet

PRODUCTION = "production@cabinet.test"


@dataclass(frozen=True)
class Pushing:
    """A cabinet whose one « Actif » client is connected to its configuration since an hour ago."""

    cabinet: Cabinet
    client: Client
    configuration: ExportConfiguration

    def part(self, *, seconds_ago: float = 120, client: Client | None = None, **fields: object) -> FirmInvoice:
        at = timezone.now() - timedelta(seconds=seconds_ago)
        return make_part(client or self.client, available_at=at, **fields)  # type: ignore[arg-type] # passed on

    def deliveries(self) -> list[Delivery]:
        with tenant(firm=self.cabinet.firm.pk):
            return list(Delivery.objects.order_by("created_at", "recipient"))

    def delivery(self) -> Delivery:
        [delivery] = self.deliveries()
        return delivery

    def email(self) -> OutgoingEmail:
        with tenant(firm=self.cabinet.firm.pk):
            return OutgoingEmail.objects.get()

    def mark_email(self, state: EmailState, **fields: object) -> None:
        with tenant(firm=self.cabinet.firm.pk):
            OutgoingEmail.objects.update(state=state, wake_at=None, **fields)


def connected(cabinet: Cabinet, client: Client, **addresses: str) -> ExportConfiguration:
    with tenant(firm=cabinet.firm.pk):
        configuration = save_configuration(
            cabinet.administrator, configuration=None, name="ACD", recipient=PRODUCTION, with_original=False
        )
        connect_client(cabinet.administrator, client=client, configuration=configuration, **addresses)
        long_ago = timezone.now() - timedelta(hours=1)
        ClientExport.objects.update(created_at=long_ago, looked_until=long_ago)
    return configuration


def pushed(pushing: Pushing) -> None:
    """Sweep, then the first step of each delivery."""
    open_deliveries()
    for delivery in pushing.deliveries():
        dispatch(str(delivery.pk))
