from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from clients.models import Client, Company
from common.archives.models import Archive, ArchiveState, Owner
from common.work import WorkItem
from exports.enums import ChannelKind, DeliveryState
from firms.models import ApiKey, Firm, Membership, PartnerSoftware
from invoices.enums import Direction
from invoices.models import Invoice


class ExportConfiguration(models.Model):
    """« Configuration du logiciel de comptabilité »: where a firm's invoices leave to on their own."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=ChannelKind, default=ChannelKind.EMAIL)
    name = models.CharField("Nom du lien", max_length=100)
    recipient = models.EmailField("E-mail destinataire")
    with_original = models.BooleanField("Joindre aussi le PDF d'origine", default=False)
    enabled = models.BooleanField(default=True)
    #: Addresses whose mail came back: their deliveries wait until somebody says that they work again.
    paused_addresses = ArrayField(models.EmailField(), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "name"], name="export_configuration_name")]

    def __str__(self) -> str:
        return self.name


class ClientExport(models.Model):
    """« Connexion à l'outil de production » of one client file: which configuration its invoices leave by."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="export_connections")
    configuration = models.ForeignKey(ExportConfiguration, on_delete=models.CASCADE, related_name="clients")
    #: This client's own addresses in the production tool; empty for the configuration's.
    purchases_to = models.EmailField("E-mail pour les achats", blank=True)
    sales_to = models.EmailField("E-mail pour les ventes", blank=True)
    #: Invoices made available up to here were looked at, or are older than the connection: nothing is back-filled.
    looked_until = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "configuration"], name="client_export_once")]

    def __str__(self) -> str:
        return f"{self.client} → {self.configuration}"

    def recipient(self, direction: str) -> str:
        own = self.purchases_to if direction == Direction.PURCHASE else self.sales_to
        return own or self.configuration.recipient


class Delivery(WorkItem):
    """One invoice pushed by one channel to one recipient, once; sending again is a new, deliberate row."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    configuration = models.ForeignKey(ExportConfiguration, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.CharField(max_length=255)
    #: 1 for the first sending, 2 for the first deliberate re-sending…
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField("état", max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    #: The outgoing e-mail that carries it.
    email_id = models.UUIDField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    wake_task: ClassVar[str] = "exports.tasks.dispatch"

    class Meta(WorkItem.Meta):
        verbose_name = "livraison"
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "configuration", "recipient", "round"], name="delivery_once_per_recipient"
            )
        ]
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["firm", "-created_at"], name="delivery_latest")]

    def __str__(self) -> str:
        return f"{self.invoice} → {self.recipient}"


class PartnerCall(models.Model):
    """When one software last called with one firm's key: « a déjà appelé, quand »."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    software = models.ForeignKey(PartnerSoftware, on_delete=models.CASCADE, related_name="+")
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "software"], name="partner_call_once")]

    def __str__(self) -> str:
        return f"{self.software} {self.last_at:%Y-%m-%d %H:%M}"


class FirmExport(Archive):
    """« Données du cabinet »: all that a firm has here, as one archive that is kept for some days."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    wake_task: ClassVar[str] = "exports.tasks.export_firm"

    class Meta(WorkItem.Meta):
        indexes = [*WorkItem.Meta.indexes, models.Index(fields=["firm", "-created_at"], name="firm_export_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=models.Q(state=ArchiveState.RUNNING), name="firm_export_one_at_a_time"
            )
        ]

    @property
    def owner(self) -> Owner:
        return {"firm": self.firm_id}
