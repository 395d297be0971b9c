from uuid import UUID

from celery import shared_task

from invoices.services.deposits import process as process_deposit


@shared_task(name="invoices.tasks.process")
def process(pk: str) -> None:
    process_deposit(UUID(pk))
