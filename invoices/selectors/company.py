from datetime import date
from uuid import UUID

from django.db.models import Max, Min, QuerySet
from django.http import Http404

from clients.models import Company
from invoices.enums import Direction
from invoices.models import AutomaticRule, Invoice


def invoices_of(company: Company) -> QuerySet[Invoice]:
    """The company's invoices, latest first."""
    return Invoice.objects.filter(company=company.pk).order_by("-issue_date", "-id")


def get_invoice_or_404(company: Company, *, pk: UUID) -> Invoice:
    invoice = invoices_of(company).filter(pk=pk).first()
    if invoice is None:
        raise Http404("Facture inconnue.")
    return invoice


def dates_of(invoices: QuerySet[Invoice]) -> dict[str, date | None]:
    """The `first` and the `last` day that they are of."""
    return invoices.order_by().aggregate(first=Min("issue_date"), last=Max("issue_date"))


def automatic_rules_of(company: Company) -> list[AutomaticRule]:
    """One for each direction, off where the company has set none."""
    kept = {rule.direction: rule for rule in AutomaticRule.objects.filter(company=company.pk)}
    return [kept.get(side) or AutomaticRule(company_id=company.pk, direction=side) for side in Direction]
