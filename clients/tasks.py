from uuid import UUID

from celery import shared_task

from clients.importing.run import run_import as run


@shared_task(name="clients.tasks.run_import")
def run_import(pk: str) -> None:
    run(UUID(pk))
