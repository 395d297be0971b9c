from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils import timezone

from common.filtering import Filters
from common.ids import uuid_in
from common.journal import ASSISTANCE, SYSTEM
from common.models import JournalEntry
from firms.enums import MembershipStatus, Role
from firms.journal_words import FAMILIES, actions_with
from firms.models import Membership
from firms.selectors import journal_of_firm, label_in_journal, members_of


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


# Days that a moment can be made of, in any time zone.
_DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
#: Who is nobody of the firm, by the name that its lines have.
_OTHERS = {"systeme": SYSTEM.actor_name, "assistance": ASSISTANCE.actor_name}


class JournalFilter(Filters):
    """What « Journal » can be narrowed to."""

    q = django_filters.CharFilter(method="find", label="Rechercher")
    qui = django_filters.ChoiceFilter(method="by", label="Qui")
    famille = django_filters.ChoiceFilter(
        method="of_family", choices=[(name, label) for name, (label, _prefixes) in FAMILIES.items()], label="Action"
    )
    objet = django_filters.ChoiceFilter(method="on", label="Sur")
    du = django_filters.DateFilter(method="since", label="Du", validators=_DAYS)
    au = django_filters.DateFilter(method="until", label="Au", validators=_DAYS)

    def __init__(self, data: Any, *, membership: Membership) -> None:
        super().__init__(data, queryset=journal_of_firm(membership))
        people = {member.user_id: str(member.user) for member in members_of(membership)}
        self.filters["qui"].extra["choices"] = [*people.items(), *_OTHERS.items()]
        chosen = uuid_in(data.get("objet"))
        label = label_in_journal(membership, chosen) if chosen else None
        self.filters["objet"].extra["choices"] = [] if label is None else [(str(chosen), label)]

    def find(self, lines: QuerySet[JournalEntry], _name: str, value: str) -> QuerySet[JournalEntry]:
        """Every word in the name of who acted or of what was acted on, or in the action's, whatever its accents."""
        for word in value.split():
            names = Q(actor__unaccent__icontains=word) | Q(object_label__unaccent__icontains=word)
            lines = lines.filter(names | Q(action__in=actions_with(word)))
        return lines

    def by(self, lines: QuerySet[JournalEntry], _name: str, value: str) -> QuerySet[JournalEntry]:
        if value in _OTHERS:
            return lines.filter(person_id=None, actor=_OTHERS[value])
        return lines.filter(person_id=UUID(value))

    def of_family(self, lines: QuerySet[JournalEntry], _name: str, value: str) -> QuerySet[JournalEntry]:
        _label, prefixes = FAMILIES[value]
        either = Q()
        for prefix in prefixes:
            either |= Q(action__startswith=f"{prefix}.")
        return lines.filter(either)

    def on(self, lines: QuerySet[JournalEntry], _name: str, value: str) -> QuerySet[JournalEntry]:
        return lines.filter(object_id=UUID(value))

    def since(self, lines: QuerySet[JournalEntry], _name: str, value: date) -> QuerySet[JournalEntry]:
        return lines.filter(at__gte=_midnight(value))

    def until(self, lines: QuerySet[JournalEntry], _name: str, value: date) -> QuerySet[JournalEntry]:
        """That day too."""
        return lines.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
