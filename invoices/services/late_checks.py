"""The checks of an invoice so large that they are run after it was filed."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from common import vault
from common.tenancy import tenant
from invoices.checks.model import Check
from invoices.formats.errors import InvoiceRefused
from invoices.models import Deposit, InvoiceCheck
from invoices.models.checks import PENDING
from invoices.opening import LARGE_CHECK_LIMITS, Quarantined, check_xml, open_invoice
from invoices.services.automatic import validate_if_ruled
from invoices.services.settling import take_step
from invoices.services.verdicts import verdict_of

_GIVEN_UP: Final = "Non vérifié : le contrôle de ce document a échoué."
#: Longer than the reading and the checks of one document may take: nobody else begins them meanwhile.
_LEASE: Final = timedelta(seconds=LARGE_CHECK_LIMITS.wall_seconds + 90)


def checks_to_come() -> list[Check]:
    return [Check(rule_set="en16931", version="", ran=False, reason=PENDING)]


def check_later(deposit: Deposit, *, give_up: bool) -> None:
    """Run them outside any transaction, then write them down in one. Running it again is harmless."""
    with tenant(company=deposit.company_id):
        claimed = Deposit.claim(deposit.pk)
        if claimed is None:
            return
        claimed.wake_at = timezone.now() + _LEASE
        claimed.save(update_fields=["wake_at"])
    checks = [Check(rule_set="en16931", version="", ran=False, reason=_GIVEN_UP)] if give_up else _run(claimed)
    with tenant(company=deposit.company_id):
        waiting = Deposit.claim(deposit.pk)
        if waiting is not None:
            _write(waiting, checks)


def _run(deposit: Deposit) -> list[Check]:
    try:
        with vault.as_local_file(deposit.stored_as) as path:
            opened = open_invoice(path, check=False)
    except (InvoiceRefused, Quarantined):
        return [Check(rule_set="en16931", version="", ran=False, reason=_GIVEN_UP)]
    return check_xml(opened.xml, container=opened.container) if opened.xml is not None else []


def _write(deposit: Deposit, checks: list[Check]) -> None:
    """The first takes the place of « en cours »: no row of a check is ever removed."""
    waiting = InvoiceCheck.objects.select_for_update().filter(invoice=deposit.invoice_id, ran=False, reason=PENDING)
    place = waiting.order_by("id").first()
    if place is not None:
        for check in checks:
            row = verdict_of(place.invoice, check)
            row.pk = place.pk if check is checks[0] else None
            row.save()
        validate_if_ruled(place.invoice)
    deposit.wake_at = None
    take_step(deposit, "Contrôles terminés")
    deposit.save(update_fields=["wake_at", "steps"])
