"""What partner software does: it calls, and it takes invoices."""

from datetime import timedelta

from django.utils import timezone

from common.journal import record
from common.tenancy import tenant
from exports.models import PartnerCall
from firms.enums import Scope
from firms.keys import note_use
from firms.models import ApiKey, PartnerSoftware
from invoices.enums import FirmState
from invoices.models import FirmInvoice, InvoiceEvent

_CALL_PRECISION = timedelta(minutes=1)


def note_call(key: ApiKey, *, software: PartnerSoftware) -> None:
    """Remember when this software last called with this key, at most once a minute. Runs in the firm's tenant."""
    note_use(key)
    now = timezone.now()
    last = PartnerCall.objects.filter(key=key, software=software).values_list("last_at", flat=True).first()
    if last is None or last < now - _CALL_PRECISION:
        PartnerCall.objects.bulk_create(
            [PartnerCall(firm_id=key.firm_id, key=key, software=software, last_at=now)],
            update_conflicts=True,
            unique_fields=["key", "software"],
            update_fields=["last_at"],
        )


def mark_transferred(key: ApiKey, *, software: PartnerSoftware, part: FirmInvoice) -> None:
    """
    À transférer → transférée for the key's firm; harmless when repeated. Nothing where the key may only read.

    Opens a tenant of its own: called from the body of an answer, when the view's transaction is over.
    """
    if Scope.ACKNOWLEDGE not in key.scopes:
        return
    with tenant(firm=key.firm_id, company=part.company_id):
        now = timezone.now()
        moved = FirmInvoice.objects.filter(pk=part.pk, state=FirmState.TO_TRANSFER).update(
            state=FirmState.TRANSFERRED, changed_at=now
        )
        if not moved:
            return
        InvoiceEvent.objects.create(
            company_id=part.company_id,
            invoice_id=part.invoice_id,
            at=now,
            kind="transferred",
            actor=key.actor_name,
            text=f"Transférée à {software.name} ({key.firm.name})",
        )
        record(key, "invoice.transferred", part, software=software.name)
