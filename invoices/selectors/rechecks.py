"""What was checked again: the runs of a company, and what each found otherwise than before."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from clients.models import Company
from invoices.checks.editions import versions_of_today
from invoices.enums import STRUCTURED
from invoices.models import Invoice, InvoiceCheck, Recheck
from invoices.models.checks import Told


@dataclass(frozen=True)
class Difference:
    """One verdict beside the one that it took the place of (None: the rule set was not run before)."""

    check: InvoiceCheck
    former: InvoiceCheck | None
    appeared: list[Told]
    gone: list[Told]


def rechecks_of(company: Company) -> QuerySet[Recheck]:
    return Recheck.objects.filter(company=company.pk).order_by("-created_at")


def get_recheck_or_404(company: Company, *, pk: UUID) -> Recheck:
    recheck = rechecks_of(company).filter(pk=pk).first()
    if recheck is None:
        raise Http404("Contrôle inconnu.")
    return recheck


def invoices_between(company_id: UUID, *, since: date, until: date) -> QuerySet[Invoice]:
    return Invoice.objects.filter(
        company=company_id, issue_date__gte=since, issue_date__lte=until, container__in=STRUCTURED
    ).order_by("pk")


def outdated_invoices(company: Company) -> int:
    """How many were last checked by other editions of the rules than those of today."""
    checks = InvoiceCheck.objects.filter(company=company.pk, current=True, ran=True)
    return checks.exclude(version__in=versions_of_today()).values("invoice").distinct().count()


def changed_checks(recheck: Recheck) -> QuerySet[InvoiceCheck]:
    checks = InvoiceCheck.objects.filter(recheck=recheck.pk, changed=True)
    return checks.select_related("invoice", "former").defer("invoice__data").order_by("id")


def difference(check: InvoiceCheck) -> Difference:
    former = check.former
    before = former.told if former is not None else []
    return Difference(check, former, appeared=_beyond(check.told, before), gone=_beyond(before, check.told))


def _beyond(findings: list[Told], others: list[Told]) -> list[Told]:
    """The findings that others do not hold as often; by rule, for older ones do not tell their place."""
    left = Counter(finding["rule"] for finding in others)
    beyond = []
    for finding in findings:
        left[finding["rule"]] -= 1
        if left[finding["rule"]] < 0:
            beyond.append(finding)
    return beyond
