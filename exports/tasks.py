from uuid import UUID

from celery import shared_task

from common.work import failure_noted
from exports.services import deliveries, firm_export


@shared_task(name="exports.tasks.dispatch")
def dispatch(pk: str) -> None:
    """Send one delivery, or ask what became of it."""
    with failure_noted(pk, deliveries.note_failure, work="delivery"):
        deliveries.advance_delivery(UUID(pk))


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
    with failure_noted(pk, firm_export.note_failure, work="firm_export"):
        firm_export.run_export(UUID(pk))


@shared_task(name="exports.tasks.remove_exports")
def remove_exports() -> None:
    """Beat: archives are kept for some days only."""
    firm_export.remove_expired()
