"""The firm's e-mails: which there are, and what their list can be narrowed to."""

from uuid import UUID

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404

from common.filtering import Filters
from firms.models import Membership
from outbox.enums import EmailKind, EmailState
from outbox.models import OutgoingEmail

#: What the list shows; the sealed body is left in the database.
_SHOWN = ("kind", "state", "recipient", "subject", "about", "attempts", "last_error", "created_at", "sent_at")


def emails_of(membership: Membership) -> QuerySet[OutgoingEmail]:
    return OutgoingEmail.objects.filter(firm_id=membership.firm_id).only(*_SHOWN)


def get_email_or_404(membership: Membership, *, pk: UUID) -> OutgoingEmail:
    email = emails_of(membership).filter(pk=pk).first()
    if email is None:
        raise Http404("E-mail inconnu.")
    return email


class _Day(forms.DateInput):
    input_type = "date"


class EmailFilter(Filters):
    q = django_filters.CharFilter(method="find", label="Rechercher")
    etat = django_filters.ChoiceFilter(field_name="state", choices=EmailState.choices, label="État")
    type = django_filters.ChoiceFilter(field_name="kind", choices=EmailKind.choices, label="Type")
    du = django_filters.DateFilter(field_name="created_at", lookup_expr="date__gte", label="Du", widget=_Day)
    au = django_filters.DateFilter(field_name="created_at", lookup_expr="date__lte", label="Au", widget=_Day)

    def find(self, emails: QuerySet[OutgoingEmail], _name: str, value: str) -> QuerySet[OutgoingEmail]:
        """Every word in the recipient's address or in the subject, whatever its accents."""
        for word in value.split():
            emails = emails.filter(Q(recipient__icontains=word) | Q(subject__unaccent__icontains=word))
        return emails
