from collections.abc import Iterator

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clients.models import Client
from common.tables import DASH, CheckColumn, DateColumn, MenuColumn, NameColumn, SirenColumn, StateColumn, Table, cell
from common.templatetags.jf import plural
from common.typography import datetime_fr
from invitations.models import Invitation


def _client_address(record: Invitation | Client) -> str:
    client_pk = record.client_id if isinstance(record, Invitation) else record.pk
    return reverse("clients:detail", args=[record.firm.siret, client_pk])


class InvitationTable(Table):
    select = CheckColumn(name_of=lambda record: str(record.client))
    client = NameColumn(_client_address, verbose_name="Raison sociale", order_by=("client__search", "pk"))
    email = tables.Column(verbose_name="E-mail", attrs=cell("mid"), order_by=("email", "pk"))
    state = StateColumn(accessor="get_state_display", verbose_name="Statut", order_by=("state", "-renewed_at"))
    renewed_at = DateColumn(verbose_name="Envoyée le", with_time=True, order_by=("renewed_at", "pk"))
    expires_at = DateColumn(
        verbose_name="Valable jusqu'au", attrs=cell("mono sub low nophone"), order_by=("expires_at", "pk")
    )
    detail = tables.Column(verbose_name="Détail", orderable=False, attrs=cell("sub wrap"), empty_values=())
    menu = MenuColumn("invitations/row_menu.html", name_of=lambda record: str(record.client))

    empty_template = "invitations/empty.html"
    caption = "Invitations"

    class Meta(Table.Meta):
        order_by = "-renewed_at"

    def __init__(self, invitations: QuerySet[Invitation], *, filtered: bool) -> None:
        super().__init__(invitations)
        self.filtered = filtered

    def whole_rows(self) -> QuerySet[Invitation]:
        """Not by the list's own filter: who sees which was decided when the keys were found."""
        return Invitation.objects.select_related("client", "firm")

    def render_detail(self, record: Invitation) -> str:
        return " · ".join(_details(record)) or DASH


def _details(invitation: Invitation) -> Iterator[str]:
    """What the state's word does not say: since when, why, and how often the client was reminded."""
    if invitation.accepted_at:
        yield f"Acceptée le {datetime_fr(invitation.accepted_at)}"
    elif invitation.opened_at:
        yield f"Ouverte le {datetime_fr(invitation.opened_at)}"
    if invitation.refusal:
        yield invitation.refusal
    if invitation.reminders:
        yield plural(invitation.reminders, "relance,relances")


class InvitableTable(Table):
    select = CheckColumn()
    name = NameColumn(_client_address, verbose_name="Raison sociale", order_by=("search", "pk"))
    siren = SirenColumn(verbose_name="SIREN")
    contact_email = tables.Column(verbose_name="E-mail du contact", attrs=cell("mid"), empty_values=())
    status = StateColumn(accessor="get_status_display", verbose_name="Statut", order_by=("status", "search"))

    empty_template = "invitations/nobody.html"
    caption = "Clients à inviter"

    class Meta(Table.Meta):
        order_by = "name"

    def __init__(self, clients: QuerySet[Client], *, filtered: bool) -> None:
        super().__init__(clients)
        self.filtered = filtered

    def whole_rows(self) -> QuerySet[Client]:
        """As above."""
        return Client.objects.select_related("firm")

    def render_contact_email(self, value: str, record: Client) -> SafeString:
        if value:
            return format_html("{}", value)
        edit = reverse("clients:edit", args=[record.firm.siret, record.pk])
        return format_html('<span class="sub">Aucun e-mail · <a href="{}">Ajouter</a></span>', edit)
