from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from common.tenancy import tenant
from exports.selectors.pull import pullable_clients
from invoices.enums import Channel
from invoices.models import Deposit, Parcel, PartnerDeposit


class FoundDeposit(NamedTuple):
    """A file or an archive that a firm deposited, and whose SIREN it is for."""

    item: Deposit | Parcel
    siren: str


def find_deposit(firm_id: UUID, *, pk: UUID) -> FoundDeposit | None:
    """
    What a key of the firm deposited under this id, as long as its client is « Actif »; opens its tenants.

    A file that was there before is found too where a key deposited it again; so are the files of an archive.
    """
    with tenant(firm=firm_id):
        mine = PartnerDeposit.objects.filter(Q(deposit=pk) | Q(parcel=pk), firm=firm_id)
        # The firm sees of the deposits those that are its own.
        own = Deposit.objects.filter(pk=pk, firm_id=firm_id, channel=Channel.API)
        company_id = (
            mine.values_list("company_id", flat=True).first() or own.values_list("company_id", flat=True).first()
        )
        client = pullable_clients(firm_id).filter(company=company_id).first() if company_id else None
    if client is None or client.company_id is None:
        return None
    with tenant(firm=firm_id, company=client.company_id):
        item: Deposit | Parcel | None = (
            Deposit.objects.select_related("invoice").filter(pk=pk, company=client.company_id).first()
            or Parcel.objects.filter(pk=pk, company=client.company_id).first()
        )
    return FoundDeposit(item, client.siren) if item else None
