from typing import Any

import django_filters
from django import forms
from django.db.models import CharField, Func, Q, QuerySet

from clients.enums import ClientStatus, RowAction
from clients.importing.columns.registry import LABELS
from clients.models import Client, ImportRow, Portfolio, PortfolioClient
from clients.selectors import portfolios_seen_by
from common.filtering import Filters
from common.folding import fold
from firms.models import Membership
from firms.selectors import present_members_of

#: What an import left alone, and what taking it back left.
LEFT, KEPT = "laisses", "gardes"
_LONGEST_LINE = 7  # digits of a sheet's last line


class _MemberField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, obj: Membership) -> str:
        return str(obj.user)


class _MemberFilter(django_filters.ModelChoiceFilter):
    field_class = _MemberField


class ClientFilter(Filters):
    """What the list of clients can be narrowed to; every part is in the address, so a view can be kept or sent."""

    q = django_filters.CharFilter(method="find", label="Rechercher")
    statut = django_filters.MultipleChoiceFilter(
        field_name="status", choices=ClientStatus.choices, label="Statut", distinct=False
    )
    affecte = _MemberFilter(
        method="assigned", queryset=Membership.objects.none(), label="Affecté à", empty_label="Tout le monde"
    )
    portefeuille = django_filters.ModelChoiceFilter(
        method="grouped", queryset=Portfolio.objects.none(), label="Portefeuille", empty_label="Tous les portefeuilles"
    )
    sans_email = django_filters.BooleanFilter(method="without_email", label="Sans e-mail", widget=forms.CheckboxInput)
    jamais_invite = django_filters.BooleanFilter(
        method="never_invited", label="Jamais invité", widget=forms.CheckboxInput
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["affecte"].queryset = present_members_of(membership)
        self.filters["portefeuille"].queryset = portfolios_seen_by(membership)

    def find(self, clients: QuerySet[Client], _name: str, value: str) -> QuerySet[Client]:
        """Every word must be found, without accents or case; a number may be typed with its spaces."""
        digits = "".join(value.split())
        if digits.isdigit():
            return clients.filter(search__contains=digits)
        for word in fold(value).split():
            clients = clients.filter(search__contains=word)
        return clients

    def assigned(self, clients: QuerySet[Client], _name: str, value: Membership) -> QuerySet[Client]:
        return clients.filter(assignments__membership=value)

    def grouped(self, clients: QuerySet[Client], _name: str, value: Portfolio) -> QuerySet[Client]:
        return clients.filter(pk__in=PortfolioClient.objects.filter(portfolio=value.pk).values("client"))

    def without_email(self, clients: QuerySet[Client], _name: str, value: bool) -> QuerySet[Client]:  # noqa: FBT001 - django-filter calls it so
        return clients.filter(contact_email="") if value else clients

    def never_invited(self, clients: QuerySet[Client], _name: str, value: bool) -> QuerySet[Client]:  # noqa: FBT001 - as above
        return clients.filter(status=ClientStatus.CREATED) if value else clients


class ImportRowFilter(Filters):
    """What the rows of an import can be narrowed to."""

    q = django_filters.CharFilter(method="find", label="Rechercher")
    voir = django_filters.ChoiceFilter(
        method="outcome", choices=[*RowAction.choices, (LEFT, "Laissé"), (KEPT, "Non annulé")]
    )
    champ = django_filters.ChoiceFilter(method="changing", choices=list(LABELS.items()), label="Valeur qui change")
    verifier = django_filters.BooleanFilter(method="doubtful", label="À vérifier", widget=forms.CheckboxInput)

    def find(self, rows: QuerySet[ImportRow], _name: str, value: str) -> QuerySet[ImportRow]:
        """A line's number, the beginning of a SIREN, or words of a name, without accents or case."""
        digits = "".join(value.split())
        found = Q(siren__startswith=digits)
        if digits.isdecimal() and len(digits) <= _LONGEST_LINE:
            found |= Q(number=int(digits))
        # The rows of one import are few, and go with it: they have no folded column of their own.
        rows = rows.annotate(folded=Folded("name"))
        return rows.filter(found | Q(*(("folded__contains", word) for word in fold(value).split())))

    def outcome(self, rows: QuerySet[ImportRow], _name: str, value: str) -> QuerySet[ImportRow]:
        if value == LEFT:
            return rows.filter(applied=True, client_id=None).exclude(reasons=[])
        return rows.filter(undone=False) if value == KEPT else rows.filter(action=value)

    def changing(self, rows: QuerySet[ImportRow], _name: str, value: str) -> QuerySet[ImportRow]:
        return rows.filter(changes__has_key=value)

    def doubtful(self, rows: QuerySet[ImportRow], _name: str, value: bool) -> QuerySet[ImportRow]:  # noqa: FBT001 - as above
        return rows.exclude(warnings=[]) if value else rows


class Folded(Func):
    """A text of the database as common.folding.fold reads it: French letters without accents, in lower case."""

    output_field = CharField()
    template = (
        "replace(lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\\u0300-\\u036F]', '', 'g')), 'œ', 'oe')"
    )
