import django_filters
from django.db.models import Q, QuerySet

from common.filtering import Filters
from firms.enums import MembershipStatus, Role
from firms.models import Membership


class MemberFilter(Filters):
    """What « Utilisateurs » can be narrowed to."""

    q = django_filters.CharFilter(method="find", label="Rechercher")
    role = django_filters.ChoiceFilter(choices=Role.choices, label="Rôle")
    statut = django_filters.ChoiceFilter(field_name="status", choices=MembershipStatus.choices, label="Statut")

    def find(self, members: QuerySet[Membership], _name: str, value: str) -> QuerySet[Membership]:
        """Every word in the name or in the address, whatever its accents."""
        for word in value.split():
            name = Q(user__first_name__unaccent__icontains=word) | Q(user__last_name__unaccent__icontains=word)
            members = members.filter(name | Q(user__contact_email__icontains=word))
        return members
