from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from clients.enums import ClientStatus
from clients.models import Client
from common.folding import fold
from firms.enums import MembershipStatus
from firms.models import Membership


class ClientFilter(django_filters.FilterSet):
    """What the list of clients can be narrowed to; every part is in the address, so a view can be kept or sent."""

    q = django_filters.CharFilter(method="find", label="Rechercher")
    statut = django_filters.MultipleChoiceFilter(
        field_name="status", choices=ClientStatus.choices, label="Statut", distinct=False
    )
    affecte = django_filters.ModelChoiceFilter(
        method="assigned", queryset=Membership.objects.none(), label="Affecté à", empty_label="Tout le monde"
    )
    sans_email = django_filters.BooleanFilter(method="without_email", label="Sans e-mail", widget=forms.CheckboxInput)
    jamais_invite = django_filters.BooleanFilter(
        method="never_invited", label="Jamais invité", widget=forms.CheckboxInput
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["affecte"].queryset = (
            Membership.objects.filter(firm=membership.firm_id)
            .exclude(status=MembershipStatus.DISABLED)
            .select_related("user")
            .order_by("user__last_name")
        )

    @property
    def qs(self) -> QuerySet[Client]:
        """Nobody where a part of the address is not understood: a bulk act never reaches more than was asked for."""
        found: QuerySet[Client] = super().qs if self.is_valid() else self.queryset.none()
        return found

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

    def without_email(self, clients: QuerySet[Client], _name: str, value: bool) -> QuerySet[Client]:  # noqa: FBT001 - django-filter calls it so
        return clients.filter(contact_email="") if value else clients

    def never_invited(self, clients: QuerySet[Client], _name: str, value: bool) -> QuerySet[Client]:  # noqa: FBT001 - as above
        return clients.filter(status=ClientStatus.CREATED) if value else clients
