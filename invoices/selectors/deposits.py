from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from clients.models import Company
from invoices.enums import REFUSED_BY_A_PERSON, DepositState
from invoices.models import Deposit


def latest_deposits(company: Company, *, limit: int = 20) -> QuerySet[Deposit]:
    return Deposit.objects.filter(company=company.pk).select_related("invoice").order_by("-created_at")[:limit]


def unsettled_deposits(company: Company) -> QuerySet[Deposit]:
    """Deposits that did not become an invoice and wait for somebody to look at them."""
    states = (DepositState.HELD, DepositState.INCOMPLETE, DepositState.REFUSED, DepositState.QUARANTINED)
    deposits = Deposit.objects.filter(company=company.pk, state__in=states)
    return deposits.exclude(reason_code=REFUSED_BY_A_PERSON).order_by("-created_at")


def get_deposit_or_404(company: Company, *, pk: UUID) -> Deposit:
    deposit = Deposit.objects.filter(company=company.pk, pk=pk).select_related("invoice").first()
    if deposit is None:
        raise Http404("Dépôt inconnu.")
    return deposit
