"""Messages are forgotten after EMAIL_RETENTION_DAYS: who was written to about what is not kept for ever."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from common.tenancy import tenant
from outbox.models import OutgoingEmail

#: Rows per transaction, so that no other work waits for it; and transactions per run, the next one goes on.
_BATCH: Final = 500
_BATCHES: Final = 200


def remove_old() -> int:
    """Remove what has nothing left to do and is older than that; the number removed. Harmless when repeated."""
    before = timezone.now() - timedelta(days=settings.EMAIL_RETENTION_DAYS)
    removed = 0
    for _ in range(_BATCHES):
        with tenant(platform="old messages of every tenant are forgotten"):
            old = OutgoingEmail.objects.filter(created_at__lt=before, wake_at__isnull=True)
            pks = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_BATCH])
            removed += OutgoingEmail.objects.filter(pk__in=pks).delete()[0]
        if len(pks) < _BATCH:
            break
    return removed
