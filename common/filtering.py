"""What a list is narrowed to: its filters, and what is chosen of them as chips that can be taken off one by one."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date

from common.typography import NBSP, date_fr


class Filters(django_filters.FilterSet):  # type: ignore[misc] # django-filter publishes no types
    """What a list can be narrowed to, each part by its name in the address."""

    @property
    def qs(self) -> QuerySet[Any]:
        """Nothing where a part of the address is not understood: a bulk act never reaches more than was asked for."""
        found: QuerySet[Any] = super().qs if self.is_valid() else self.queryset.none()
        return found

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.filters)


@dataclass(frozen=True)
class Chip:
    label: str
    #: The query of the same list without this chip, from its first page on.
    query: str


def chips_of(filters: django_filters.FilterSet, query: QueryDict) -> list[Chip]:
    """A chip for each value in the address that narrows the list, also for one that means nothing any more."""
    return [
        Chip(label=_words(filters.form.fields[name], value), query=_without(query, name, value))
        for name in filters.filters
        for value in query.getlist(name)
        if value.strip()
    ]


def without_filters(filters: django_filters.FilterSet, query: QueryDict) -> str:
    """« Effacer les filtres »: sorting and page size stay."""
    left = query.copy()
    for name in (*filters.filters, "page"):
        left.pop(name, None)
    return left.urlencode()


def _words(field: forms.Field, value: str) -> str:
    if isinstance(field.widget, forms.CheckboxInput):
        return str(field.label)
    choices: Any = getattr(field, "choices", None)
    if isinstance(field, forms.DateField):
        day = parse_date(value)
        return f"{field.label}{NBSP}: {date_fr(day) if day else value}"
    if isinstance(field, forms.DecimalField):
        return f"{field.label}{NBSP}: {value.strip()}"
    if choices is None:
        return f"«{NBSP}{value.strip()}{NBSP}»"
    word = next((str(label) for choice, label in choices if str(choice) == value), value)
    return f"{field.label}{NBSP}: {word}"


def _without(query: QueryDict, name: str, value: str) -> str:
    left = query.copy()
    left.setlist(name, [other for other in left.getlist(name) if other != value])
    left.pop("page", None)
    return left.urlencode()
