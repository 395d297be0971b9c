from uuid import UUID

import structlog
from celery import shared_task

from exports.services import deliveries, firm_export

logger = structlog.get_logger(__name__)


@shared_task(name="exports.tasks.dispatch")
def dispatch(pk: str) -> None:
    """Send one delivery, or ask what became of it."""
    try:
        deliveries.advance_delivery(UUID(pk))
    except Exception as error:
        # Whatever a channel or the storage raises: the row says so and is tried again.
        logger.exception("delivery.attempt_failed", delivery=pk)
        deliveries.note_failure(UUID(pk), error=f"{type(error).__name__}: {error}")


@shared_task(name="exports.tasks.open_deliveries")
def open_deliveries() -> None:
    """Beat: find what became « à transférer » and has to leave."""
    deliveries.open_deliveries()


@shared_task(name="exports.tasks.follow_bounces")
def follow_bounces() -> None:
    """Beat: e-mails that came back after they had been sent."""
    deliveries.follow_bounces()


@shared_task(name="exports.tasks.export_firm")
def export_firm(pk: str) -> None:
    """« Données du cabinet »: write the next slice of one archive."""
    try:
        firm_export.run_export(UUID(pk))
    except Exception as error:
        # Whatever the storage or the database raises: the row says so and is tried again.
        logger.exception("firm_export.attempt_failed", export=pk)
        firm_export.note_failure(UUID(pk), error=f"{type(error).__name__}: {error}")


@shared_task(name="exports.tasks.remove_exports")
def remove_exports() -> None:
    """Beat: archives are kept for some days only."""
    firm_export.remove_expired()
