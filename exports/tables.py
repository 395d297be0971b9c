import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.tables import DateColumn, MenuColumn, StateColumn, Table, cell
from exports.models import Delivery


class DeliveryTable(Table):
    """The latest deliveries of a firm; its page is short, so it is neither sorted nor paged."""

    invoice = tables.Column(accessor="invoice__number", verbose_name="Facture", attrs=cell("main"))
    configuration = tables.Column(verbose_name="Lien", attrs=cell("sub low nophone"))
    recipient = tables.Column(verbose_name="Destinataire", attrs=cell("mid"))
    state = StateColumn(accessor="get_state_display", verbose_name="État")
    menu = MenuColumn("exports/delivery_menu.html", name_of=lambda delivery: str(delivery.invoice))
    at = DateColumn(accessor="created_at", with_time=True, verbose_name="Date", attrs=cell("mono sub nophone"))

    caption = "Dernières livraisons"

    class Meta(Table.Meta):
        orderable = False
        sequence = ("invoice", "configuration", "recipient", "state", "at", "menu")
        empty_text = "Les factures validées des dossiers connectés partiront d'ici, une par e-mail."

    def __init__(self, deliveries: QuerySet[Delivery]) -> None:
        super().__init__(deliveries)

    def render_recipient(self, value: str, record: Delivery) -> SafeString:
        if not record.last_error:
            return format_html("{}", value)
        return format_html('{} <span class="sub">{}</span>', value, record.last_error)
