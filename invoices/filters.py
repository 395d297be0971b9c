"""What the lists of invoices can be narrowed to; every part is in the address, so that a view can be kept or sent."""

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet

from clients.selectors import clients_visible_to
from common.filtering import Filters
from common.folding import fold
from firms.models import Membership
from invoices.enums import Direction, FirmState, InvoiceState, Verdict
from invoices.forms import AmountField
from invoices.models import FirmInvoice, Invoice
from invoices.selectors.firm import clients_of_list
from invoices.selectors.search import found_by_words

_UNITS = 10_000  # `amount` is in ten-thousandths
_MOST = Decimal("1e13")


class _AmountFilter(django_filters.Filter):  # type: ignore[misc] # django-filter publishes no types
    field_class = AmountField

    def filter(self, rows: QuerySet[Any], value: Decimal | None) -> QuerySet[Any]:
        return rows if value is None else super().filter(rows, int(value * _UNITS))


class _Box(django_filters.BooleanFilter):  # type: ignore[misc] # as above
    """Narrows where it is ticked."""

    def __init__(self, **kwargs: Any) -> None:
        self.wanted = kwargs.pop("wanted", True)
        super().__init__(widget=forms.CheckboxInput, **kwargs)

    def filter(self, rows: QuerySet[Any], value: object) -> QuerySet[Any]:
        return super().filter(rows, self.wanted) if value else rows


def _day(label: str, lookup: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(field_name="issue_date", lookup_expr=lookup, label=label, widget=widget)


def _amount(label: str, lookup: str) -> _AmountFilter:
    limits = [MaxValueValidator(_MOST)]
    return _AmountFilter(field_name="amount", lookup_expr=lookup, label=label, validators=limits)


class _InvoiceFilters(Filters):
    q = django_filters.CharFilter(method="find", label="Rechercher")
    sens = django_filters.ChoiceFilter(field_name="direction", choices=Direction.choices, label="Sens")
    du = _day("Du", "gte")
    au = _day("Au", "lte")
    min = _amount("Total minimal", "gte")
    max = _amount("Total maximal", "lte")
    controles = django_filters.ChoiceFilter(field_name="verdict", choices=Verdict.choices, label="Contrôles")
    desaccord = _Box(field_name="differs", label="En désaccord")


class InvoiceFilter(_InvoiceFilters):
    """For a company's own list."""

    etat = django_filters.MultipleChoiceFilter(
        field_name="state", choices=InvoiceState.choices, label="État", distinct=False
    )
    litige = _Box(field_name="state", wanted=InvoiceState.DISPUTED, label="En litige")

    def find(self, invoices: QuerySet[Invoice], _name: str, words: str) -> QuerySet[Invoice]:
        return invoices.filter(found_by_words("company", words, key="invoices_invoice.id"))


class FirmInvoiceFilter(_InvoiceFilters):
    """For the list of a firm."""

    etat = django_filters.MultipleChoiceFilter(
        field_name="state", choices=FirmState.choices, label="État", distinct=False
    )
    client = django_filters.CharFilter(method="of_client", label="Client")
    litige = _Box(field_name="invoice_state", wanted=InvoiceState.DISPUTED, label="En litige")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._member = membership

    def find(self, parts: QuerySet[FirmInvoice], _name: str, words: str) -> QuerySet[FirmInvoice]:
        among = clients_of_list(self._member)
        return parts.filter(found_by_words("firm", words, key="invoices_firminvoice.id", among=among))

    def of_client(self, parts: QuerySet[FirmInvoice], _name: str, words: str) -> QuerySet[FirmInvoice]:
        """By the client file's name, code or SIREN. Its keys travel as values: so PostgreSQL knows how few."""
        clients = clients_visible_to(self._member)
        digits = "".join(words.split())
        for word in [digits] if digits.isdigit() else fold(words).split():
            clients = clients.filter(search__contains=word)
        return parts.filter(client__in=list(clients.values_list("pk", flat=True)[:1000]))
