import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse

from clients.models import Company
from common.tables import AmountColumn, DateColumn, NameColumn, StateColumn, Table, cell
from firms.models import Firm
from invoices.models import FirmInvoice, Invoice


class InvoiceTable(Table):
    """A company's invoices."""

    number = NameColumn(
        lambda record: reverse("invoices:company_detail", args=[record.company.siren, record.pk]),
        verbose_name="Numéro",
    )
    direction = StateColumn(accessor="get_direction_display", verbose_name="Sens", order_by=("direction",))
    other_party = tables.Column(verbose_name="Fournisseur ou client", orderable=False, attrs=cell("wrap"))
    issue_date = DateColumn(verbose_name="Date")
    total_with_vat = AmountColumn(verbose_name="Total TTC")
    state = StateColumn(accessor="get_state_display", verbose_name="État", order_by=("state", "-issue_date"))

    empty_template = "invoices/empty_company.html"
    caption = "Factures"

    class Meta(Table.Meta):
        model = Invoice
        fields: tuple[str, ...] = ()
        sequence = ("number", "direction", "other_party", "issue_date", "total_with_vat", "state")

    def __init__(self, invoices: QuerySet[Invoice], *, company: Company, filtered: bool) -> None:
        super().__init__(invoices.select_related("company").defer("data"))
        self.company = company
        self.filtered = filtered


class FirmInvoiceTable(Table):
    """The invoices of a firm's clients, as the firm sees them."""

    number = NameColumn(
        lambda record: reverse("invoices:firm_detail", args=[record.firm.siret, record.pk]),
        accessor="invoice__number",
        verbose_name="Numéro",
        orderable=False,
    )
    client = tables.Column(accessor="client__name", verbose_name="Client", orderable=False, attrs=cell("wrap"))
    direction = StateColumn(accessor="get_direction_display", verbose_name="Sens", orderable=False)
    other_party = tables.Column(
        accessor="invoice__other_party", verbose_name="Fournisseur ou client", orderable=False, attrs=cell("wrap low")
    )
    issue_date = DateColumn(verbose_name="Date", orderable=False)
    total = AmountColumn(accessor="invoice__total_with_vat", verbose_name="Total TTC", orderable=False)
    state = StateColumn(accessor="get_state_display", verbose_name="État", orderable=False)

    empty_template = "invoices/empty_firm.html"
    caption = "Factures des clients"

    class Meta(Table.Meta):
        model = FirmInvoice
        fields: tuple[str, ...] = ()
        sequence = ("number", "client", "direction", "other_party", "issue_date", "total", "state")

    def __init__(self, parts: QuerySet[FirmInvoice], *, firm: Firm, filtered: bool) -> None:
        super().__init__(parts)
        self.firm = firm
        self.filtered = filtered

    def whole_rows(self) -> QuerySet[FirmInvoice]:
        """Not by the list's own filter: who sees which invoice was decided when the keys were found."""
        return FirmInvoice.objects.select_related("firm", "invoice", "client").defer("invoice__data")
