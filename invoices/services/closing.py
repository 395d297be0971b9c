"""« Archivé » closes what waited: nothing more reaches the firm by that client file."""

from django.db.models import F
from django.utils import timezone

from clients.enums import ClientStatus
from common.tenancy import tenant
from invoices.enums import Direction, FirmState
from invoices.models import FirmInvoice

_WAITING = (FirmState.PENDING, FirmState.TO_TRANSFER)
_BATCH = 1000


def close_parts() -> int:
    """Close the waiting parts of archived client files, which the clients room leaves to us; the number closed."""
    with tenant(platform="waiting invoices of archived client files are closed for every firm"):
        waiting = FirmInvoice.objects.filter(
            client__status=ClientStatus.ARCHIVED,
            # Firm, client, direction and state: the pull index finds the few that are open.
            firm=F("client__firm"),
            direction__in=Direction.values,
            state__in=_WAITING,
        )
        # Locked ones are being validated, transferred or sent: the next round looks at them again.
        pks = list(waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:_BATCH])
        return FirmInvoice.objects.filter(pk__in=pks).update(state=FirmState.CLOSED, changed_at=timezone.now())
