from typing import ClassVar

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from clients.models import Company
from common.tables import (
    AmountColumn,
    CheckColumn,
    Choice,
    DateColumn,
    KeysetPages,
    NameColumn,
    StateColumn,
    Table,
    addresses,
    cell,
    name_link,
)
from firms.models import Firm
from invoices.models import FirmInvoice, Invoice


def _named(record: Invoice | FirmInvoice) -> str:
    return f"la facture {record.number}"


class InvoiceTable(KeysetPages, Table):
    """A company's invoices, from its own table; sorted by what an index holds."""

    select = CheckColumn(name_of=_named)
    number = NameColumn(
        lambda record: reverse("invoices:company_detail", args=[record.company.siren, record.pk]),
        verbose_name="Numéro",
    )
    direction = StateColumn(accessor="get_direction_display", verbose_name="Sens", orderable=False)
    other_party = tables.Column(verbose_name="Fournisseur ou client", orderable=False, attrs=cell("wrap"))
    issue_date = DateColumn(verbose_name="Date")
    due_date = DateColumn(verbose_name="Échéance", orderable=False)
    total_without_vat = AmountColumn(verbose_name="Total HT", orderable=False)
    total_vat = AmountColumn(verbose_name="TVA", orderable=False)
    amount = AmountColumn(accessor="total_with_vat", verbose_name="Total TTC", order_by=("amount",))
    verdict = StateColumn(accessor="get_verdict_display", verbose_name="Contrôles", orderable=False)
    state = StateColumn(accessor="get_state_display", verbose_name="État", orderable=False)

    empty_template = "invoices/empty_company.html"
    caption = "Factures"
    choice: ClassVar[Choice] = Choice(
        key="factures",
        usual=("direction", "other_party", "issue_date", "amount", "state"),
        extra=("due_date", "total_without_vat", "total_vat", "verdict"),
    )

    class Meta(Table.Meta):
        model = Invoice
        fields: tuple[str, ...] = ()

    def __init__(
        self, invoices: QuerySet[Invoice], *, company: Company, place: QueryDict, person: User, filtered: bool
    ) -> None:
        super().__init__(invoices, chosen=person.columns)
        self.company = company
        self.place = place
        self.filtered = filtered

    def whole_rows(self) -> QuerySet[Invoice]:
        return Invoice.objects.select_related("company").defer("data")


class FirmInvoiceTable(KeysetPages, Table):
    """The invoices of a firm's clients, from the firm's part of each; sorted by what an index holds."""

    select = CheckColumn(name_of=_named)
    number = tables.Column(verbose_name="Numéro", attrs=cell("main"))
    client = tables.Column(accessor="client__name", verbose_name="Client", orderable=False, attrs=cell("wrap"))
    direction = StateColumn(accessor="get_direction_display", verbose_name="Sens", orderable=False)
    other_party = tables.Column(verbose_name="Fournisseur ou client", orderable=False, attrs=cell("wrap low"))
    issue_date = DateColumn(verbose_name="Date")
    total_without_vat = AmountColumn(verbose_name="Total HT", orderable=False)
    total_vat = AmountColumn(verbose_name="TVA", orderable=False)
    amount = AmountColumn(accessor="total_with_vat", verbose_name="Total TTC", order_by=("amount",))
    verdict = StateColumn(accessor="get_verdict_display", verbose_name="Contrôles", orderable=False)
    state = StateColumn(accessor="get_state_display", verbose_name="État", orderable=False)

    empty_template = "invoices/empty_firm.html"
    caption = "Factures des clients"
    choice: ClassVar[Choice] = Choice(
        key="factures-cabinet",
        usual=("client", "direction", "other_party", "issue_date", "amount", "state"),
        extra=("total_without_vat", "total_vat", "verdict"),
    )

    class Meta(Table.Meta):
        model = FirmInvoice
        fields: tuple[str, ...] = ()

    def __init__(
        self, parts: QuerySet[FirmInvoice], *, firm: Firm, place: QueryDict, person: User, filtered: bool
    ) -> None:
        super().__init__(parts, chosen=person.columns)
        self.firm = firm
        self.place = place
        self.filtered = filtered
        self._detail = addresses("invoices:firm_detail", firm.siret)

    def whole_rows(self) -> QuerySet[FirmInvoice]:
        """Not by the list's own filter: who sees which invoice was decided when the keys were found."""
        return FirmInvoice.objects.select_related("client").defer("search")

    def render_number(self, value: str, record: FirmInvoice) -> SafeString:
        return name_link(self._detail(record.pk), value)
